import type { Note } from '../environment/notes.ts'
import { textAt } from '../environment/raw.ts'
import type { Document } from '../environment/schema.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { audit } from './audit.ts'
import { type Finding, whereText } from './finding.ts'
import type { LiveGateway } from './live.ts'

/** What a plan says of the gateway as it stands: from the bodies that the plan has read anyway, so that it costs no call. Pure. */
export const auditNotes = (
  document: Document,
  resources: Resource[],
  bodies: ReadonlyMap<string, JsonObject>,
): Note[] =>
  audit(observedGateway(document, resources, bodies))
    .filter(({ severity }) => severity !== 'note')
    .map((finding) => ({
      about: whereText(finding.where),
      message: `${findingText(finding)}; ${finding.fix}`,
    }))

/** What is wrong and what it costs. */
const findingText = ({ what, figure }: Finding): string => (figure ? `${what} (${figure})` : what)

/** Pools that are moved by measurement. */
export const balancedPools = (document: Document): string[] =>
  document.gateway.pools.filter(({ balance }) => balance.mode === 'auto').map(({ name }) => name)

/** @param bodies live bodies by the resource's key */
function observedGateway(
  document: Document,
  resources: Resource[],
  bodies: ReadonlyMap<string, JsonObject>,
): LiveGateway {
  const ofKind = (...kinds: string[]) =>
    resources.filter(({ kind }) => kinds.includes(kind)).map((it) => ({ it, body: bodies.get(it.key) }))
  const present = (...kinds: string[]) => ofKind(...kinds).flatMap(({ body }) => (body ? [body] : []))
  const [service] = present('api-management')
  return {
    ...(service ? { service } : {}),
    backends: present('backend', 'pool'),
    policies: ofKind('api-policy').flatMap(({ it, body }) => {
      const xml = textAt(body, 'properties.value')
      const name = it.key.slice('api-policy/'.length)
      const apiPath = textAt(bodies.get(`api/${name}`), 'properties.path') ?? ''
      return xml === undefined ? [] : [{ name, apiPath, xml }]
    }),
    accounts: ofKind('account').flatMap(({ it, body }) => {
      const own = ofKind('model-deployment').filter((deployment) =>
        deployment.it.id.toLowerCase().startsWith(`${it.id.toLowerCase()}/deployments/`),
      )
      const deployments = own.flatMap((deployment) => (deployment.body ? [deployment.body] : []))
      // One that is not there yet, or was not read: nothing can be said of what the account lacks.
      return body && deployments.length === own.length ? [{ account: body, deployments }] : []
    }),
    balanced: balancedPools(document),
  }
}
