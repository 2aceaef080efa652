import { batchSkus, provisionedSkus } from '../environment/foundry-schema.ts'
import { at, numberAt, textAt } from '../environment/raw.ts'
import { accountName } from '../environment/words.ts'
import type { LiveSubnet } from '../preflight/live-network.ts'
import { isSameName, listText } from '../preflight/words.ts'
import { subDomain } from '../resources/account.ts'
import { type JsonObject, shortLocation } from '../resources/kind.ts'
import { injectedSubnet } from './agents-network.ts'
import type { DraftAccount, DraftDeployment } from './draft.ts'
import { othersEndpoint } from './endpoints.ts'
import { type Found, idOf, inGroup, listed, nameOf, types } from './found.ts'
import type { Tell } from './note.ts'

/** The Foundry accounts of the group, with their deployments and projects. */
export function describeAccounts(
  found: Found,
  agentSubnet: LiveSubnet | undefined,
  tell: Tell,
): DraftAccount[] {
  const accounts = inGroup(found, types.accounts)
    .filter((account) => isSayable(account, tell))
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  return accounts.map((account) => {
    const existing = whyExisting(found, account)
    if (existing) tell({ is: 'existing', path: 'foundry.accounts', resource: idOf(account), ...existing })
    const project = chooseProject(found, account, tell)
    const injected = injectedSubnet(account)
    const agents = injected !== undefined && agentSubnet !== undefined && isSameName(injected, agentSubnet.id)
    if (injected !== undefined && (existing || !agents))
      tell({
        is: 'left out',
        path: 'foundry.accounts[].agents',
        resource: idOf(account),
        message: `${nameOf(account)} runs agents in ${injected}, which ${existing ? 'its owner looks after' : 'is not the agents’ subnet of the document'}`,
      })
    const deployments = describeDeployments(found, account, tell)
    return {
      ...(existing ? { existing: true as const } : {}),
      name: nameOf(account),
      location: shortLocation(textAt(account, 'location') ?? ''),
      ...(project ? { project } : {}),
      ...(agents && !existing ? { agents } : {}),
      ...(deployments.length > 0 ? { deployments } : {}),
    }
  })
}

const kinds = ['AIServices', 'OpenAI']

/** A document knows accounts by one name, which is their subdomain too. */
function isSayable(account: JsonObject, tell: Tell): boolean {
  const name = nameOf(account)
  const kind = textAt(account, 'kind') ?? ''
  const domain = textAt(account, 'properties.customSubDomainName') ?? ''
  const because = !kinds.includes(kind)
    ? { message: `${name} is an account of kind ${kind}: no models for a gateway` }
    : !accountName.safeParse(name).success
      ? { message: `a document cannot say the name ${name}: it would have to be a subdomain` }
      : !isSameName(domain, subDomain(name))
        ? {
            message: `${name} answers at the subdomain ${domain || '(none)'}, and a document takes an account’s name for its subdomain`,
            remedy: 'deploy its models in an account whose subdomain is its name',
          }
        : undefined
  if (because) tell({ is: 'left out', path: 'foundry.accounts', resource: idOf(account), ...because })
  return because === undefined
}

/** Accounts that the service could not write without making things worse. */
function whyExisting(found: Found, account: JsonObject): { message: string; remedy: string } | undefined {
  const name = nameOf(account)
  if (textAt(account, 'kind') !== 'AIServices')
    return {
      message: `${name} is of kind ${textAt(account, 'kind')}, and the service makes Foundry accounts (AIServices): it is observed and never written`,
      remedy: 'nothing, or upgrade it to AIServices and import again',
    }
  const endpoint = othersEndpoint(found, idOf(account), 'account')
  return endpoint && othersEndpointNote(name, endpoint)
}

export const othersEndpointNote = (name: string, endpoint: JsonObject) => ({
  message: `${name} is reached through ${nameOf(endpoint)}; the service would make an endpoint of its own beside it, which would take over its names: so it is observed and never written`,
  remedy: `to have it managed, remove existing and delete ${nameOf(endpoint)} when you apply`,
})

/** A document has one project per account: the default one, else the first. */
function chooseProject(found: Found, account: JsonObject, tell: Tell): string | undefined {
  const projects = listed(found, `${idOf(account)}/projects`)
  const chosen = projects.find((it) => at(it, 'properties.isDefault') === true) ?? projects[0]
  for (const other of projects.filter((it) => it !== chosen))
    tell({
      is: 'left out',
      path: 'foundry.accounts[].project',
      resource: idOf(other),
      message: `a document has one project per account, and ${nameOf(chosen)} was taken: ${
        at(chosen, 'properties.isDefault') === true ? 'it is the default one' : 'it is the first'
      }`,
      remedy: 'put the other name into the document, if that is the one to be kept',
    })
  return chosen && nameOf(chosen)
}

const skus = ['Standard', 'GlobalStandard', 'DataZoneStandard', ...provisionedSkus, ...batchSkus] as const
type Sku = (typeof skus)[number]

function describeDeployments(found: Found, account: JsonObject, tell: Tell): DraftDeployment[] {
  return listed(found, `${idOf(account)}/deployments`).flatMap((deployment) => {
    const name = nameOf(deployment)
    const model = textAt(deployment, 'properties.model.name')
    const version = textAt(deployment, 'properties.model.version')
    const format = textAt(deployment, 'properties.model.format') ?? 'OpenAI'
    const sku = skus.find((it): it is Sku => it === textAt(deployment, 'sku.name'))
    const capacity = numberAt(deployment, 'sku.capacity')
    const upgrade = textAt(deployment, 'properties.versionUpgradeOption')
    if (!model || !version || !sku || !capacity) {
      tell({
        is: 'left out',
        path: 'foundry.accounts[].deployments',
        resource: idOf(deployment),
        message: `a document needs a model, its version, a capacity and one of the tiers ${listText([...skus])}; ${name} is of tier ${textAt(deployment, 'sku.name') ?? '(none)'}`,
      })
      return []
    }
    if (upgrade === 'OnceNewDefaultVersionAvailable')
      tell({
        is: 'left out',
        path: 'foundry.accounts[].deployments[].upgrade',
        resource: idOf(deployment),
        message: `${name} follows every new default version; a document says never, or when the version retires`,
        remedy:
          'add upgrade: never to keep the version; as it is, a change to OnceCurrentVersionExpired is planned',
      })
    return [
      {
        ...(isSameName(name, model) ? {} : { name }),
        model,
        version,
        ...(format === 'OpenAI' ? {} : { format }),
        sku,
        capacity,
        ...(upgrade === 'NoAutoUpgrade' ? { upgrade: 'never' as const } : {}),
      },
    ]
  })
}
