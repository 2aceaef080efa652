import pLimit from 'p-limit'
import type { Arm } from '../azure/arm.ts'
import { at, textAt } from '../environment/raw.ts'
import { isSameName } from '../preflight/words.ts'
import { account } from '../resources/account.ts'
import { apiManagement } from '../resources/api-management.ts'
import { backend } from '../resources/backend.ts'
import { api, apiOperation, apiPolicy } from '../resources/gateway-api.ts'
import type { JsonObject, Kind } from '../resources/kind.ts'
import { modelDeployment } from '../resources/model-deployment.ts'
import type { LiveAccount, LiveGateway, LivePolicy } from './live.ts'
import { hostOf, nameOf } from './pool-view.ts'

const mostReadsAtOnce = 8

/** What could not be read, and so was not judged. */
export interface Unread {
  resource: string
  reason: string
}

/**
 * Reads a gateway for its audit: backends, policies of all scopes but products, fragments, and the accounts that backends lead to, where these are
 * in the gateway's own resource group. Asks for no secret and writes nothing.
 * @param serviceId ARM id of the API Management service
 */
export async function readGateway(
  arm: Arm,
  serviceId: string,
): Promise<{ live: LiveGateway; unread: Unread[] }> {
  const limit = pLimit(mostReadsAtOnce)
  const unread: Unread[] = []
  const refused = (resource: string, { code, status }: { code: string; status?: number | undefined }) => {
    unread.push({ resource, reason: code || `Http${status}` })
    return undefined
  }
  const list = (kind: Kind, id: string) =>
    limit(async () => {
      const answer = await arm.list(kind, id)
      return answer.is === 'listed' ? answer.bodies : refused(id, answer.failure)
    })
  /** Null: there is none. */
  const one = (kind: Kind, id: string): Promise<JsonObject | null | undefined> =>
    limit(async () => {
      const answer = await arm.read(kind, id)
      if (answer.is === 'unreadable') return refused(id, answer.failure)
      return answer.is === 'found' ? answer.body : null
    })
  const policyOf = async (id: string): Promise<string | null | undefined> => {
    const body = await one(apiPolicy, `${id}/policies/policy`)
    return body ? (textAt(body, 'properties.value') ?? null) : body
  }

  const group = serviceId.slice(0, serviceId.toLowerCase().indexOf('/providers/'))
  const [service, backends, apis, global, fragments, accounts] = await Promise.all([
    one(apiManagement, serviceId),
    list(backend, `${serviceId}/backends`),
    list(api, `${serviceId}/apis`),
    policyOf(serviceId),
    list(apiPolicy, `${serviceId}/policyFragments`),
    list(account, `${group}/providers/Microsoft.CognitiveServices/accounts`),
  ])
  const current = (apis ?? []).filter((it) => at(it, 'properties.isCurrent') !== false)
  const policies = await Promise.all(current.map((it) => policiesOf(it, global)))
  return {
    live: {
      ...(service ? { service } : {}),
      backends: backends ?? [],
      policies: policies.flat(),
      accounts: await deployed(backends ?? [], accounts ?? []),
      ...(fragments
        ? { fragments: new Map(fragments.map((it) => [nameOf(it), textAt(it, 'properties.value') ?? ''])) }
        : {}),
    },
    unread,
  }

  async function policiesOf(body: JsonObject, outer: string | null | undefined): Promise<LivePolicy[]> {
    const id = textAt(body, 'id') ?? ''
    const [own, operations] = await Promise.all([policyOf(id), list(apiOperation, `${id}/operations`)])
    const ofOperations = await Promise.all(
      (operations ?? []).map(async (it) => ({
        name: `${nameOf(body)}/${nameOf(it)}`,
        xml: await policyOf(textAt(it, 'id') ?? ''),
      })),
    )
    const apiPath = textAt(body, 'properties.path') ?? ''
    const policy = (
      name: string,
      xml: string | null | undefined,
      ...around: (string | null | undefined)[]
    ) => (xml ? [{ name, apiPath, xml, ...(around.includes(undefined) ? {} : { wider: said(around) }) }] : [])
    return [
      // What has no policy of its own is under the wider scope's.
      ...policy(nameOf(body), own === null ? outer : own, ...(own === null ? [] : [outer])),
      ...ofOperations.flatMap(({ name, xml }) => policy(name, xml, own, outer)),
    ]
  }

  /** Those that a backend leads to: an account elsewhere in the group is no part of the gateway. */
  async function deployed(of: JsonObject[], all: JsonObject[]): Promise<LiveAccount[]> {
    const subDomains = new Set(of.map((it) => hostOf(textAt(it, 'properties.url') ?? '').split('.')[0]))
    const led = all.filter((it) =>
      [...subDomains].some((name) =>
        isSameName(name ?? '', textAt(it, 'properties.customSubDomainName') ?? nameOf(it)),
      ),
    )
    const read = await Promise.all(
      led.map(async (it) => {
        const deployments = await list(modelDeployment, `${textAt(it, 'id')}/deployments`)
        return deployments ? [{ account: it, deployments }] : []
      }),
    )
    return read.flat()
  }
}

const said = (scopes: (string | null | undefined)[]): string[] =>
  scopes.filter((it) => typeof it === 'string')
