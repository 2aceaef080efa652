import { expand, type Surroundings } from '../environment/expand.ts'
import type { Fault } from '../environment/fault.ts'
import { lacking } from '../environment/lacking.ts'
import { parse } from '../environment/parse.ts'
import { textAt } from '../environment/raw.ts'
import { Document } from '../environment/schema.ts'
import { type JsonObject, shortLocation } from '../resources/kind.ts'
import { describeAccess } from './access.ts'
import { describeAccounts } from './accounts.ts'
import { withAgents } from './agents.ts'
import { describeApi } from './api.ts'
import { describeData } from './data.ts'
import type { Draft } from './draft.ts'
import { type Found, nameOf } from './found.ts'
import { leftovers } from './leftovers.ts'
import { isPool } from './members.ts'
import { nameFor } from './name.ts'
import { type DescribedNetwork, describeNetwork } from './network.ts'
import type { Note, Tell } from './note.ts'
import { backendsOf, describePools } from './pools.ts'
import { chooseService, describeService } from './service.ts'
import { commonTags } from './tags.ts'
import { documentText } from './yaml.ts'
import { describeZones } from './zones.ts'

/** What the operator may say beforehand. */
export interface Wishes {
  /** Of the environment. */
  name?: string | undefined
  /** Of the API Management service, where there are several. */
  apim?: string | undefined
}

export interface Described {
  yaml: string
  /** Absent where the text would not be accepted as it is: notes say why. */
  document?: Document
  notes: Note[]
}

/** The document that describes what stands in a resource group, as close as the language comes. Pure. */
export function describe(
  found: Found,
  surroundings: Surroundings,
  wishes: Wishes,
): Described | { faults: Fault[] } {
  const notes: Note[] = []
  const tell: Tell = (note) => notes.push(note)
  const chosen = chooseService(found, wishes.apim, tell)
  if ('faults' in chosen) return chosen
  const { service } = chosen
  const network = describeNetwork(found, service, tell)
  if ('faults' in network) return network
  const draft = refined(
    found,
    surroundings,
    service,
    network,
    assembled(found, service, network, wishes, tell),
    tell,
  )
  const yaml = documentText(draft, { mode: 'observe | repair | full' })
  const parsed = parse(yaml, draft.name)
  const faults = 'faults' in parsed ? parsed.faults : lacking(parsed.document, surroundings)
  for (const { path, problem, remedy } of faults) tell({ is: 'fault', path, message: problem, remedy })
  if ('faults' in parsed || faults.length > 0) return { yaml, notes }
  const resources = expand(parsed.document, surroundings)
  const told = notes.flatMap(({ resource }) => resource ?? [])
  notes.push(...leftovers(found, service, network.live, resources, told))
  return { yaml, document: parsed.document, notes }
}

function assembled(
  found: Found,
  service: JsonObject,
  { network, endpointSubnet, agentSubnet }: DescribedNetwork,
  wishes: Wishes,
  tell: Tell,
): Draft {
  const name = wishes.name ?? nameFor(found, service, tell)
  const location = shortLocation(textAt(service, 'location') ?? found.location)
  const data = describeData(found, endpointSubnet, tell)
  const accounts = withAgents(describeAccounts(found, agentSubnet, tell), data, location, tell)
  const names = new Set(
    backendsOf(found, service)
      .filter(isPool)
      .map((it) => nameOf(it).toLowerCase()),
  )
  const described = describeApi(found, service, (it) => names.has(it.toLowerCase()), tell)
  const { pools, sticky } = describePools(found, service, accounts, described.order, tell)
  const { path, ...limits } = described.api
  const api = {
    ...(path === undefined ? {} : { path }),
    ...(sticky ? { responses: 'sticky' as const } : {}),
    ...limits,
  }
  tell({
    is: 'assumed',
    path: 'mode',
    message: 'observe: nothing is written until you say so',
    remedy: 'write repair or full once the plan is what you want',
  })
  tell({
    is: 'assumed',
    message: `Azure does not know ${pools.length > 0 ? 'bounds and balance of pools, ' : ''}probes and repair: their defaults hold`,
    remedy: 'see docs/document.md',
  })
  return {
    name,
    mode: 'observe',
    location,
    resourceGroup: found.resourceGroup,
    network,
    gateway: {
      apim: describeService(service, tell),
      ...(isEmpty(api) ? {} : { api }),
      ...(pools.length > 0 ? { pools } : {}),
    },
    ...(accounts.length > 0 ? { foundry: { accounts } } : {}),
    ...(isEmpty(data) ? {} : { data }),
  }
}

/** What can be told only once it is known what the document makes of the rest: access, zones, tags. */
function refined(
  found: Found,
  surroundings: Surroundings,
  service: JsonObject,
  { live }: DescribedNetwork,
  draft: Draft,
  tell: Tell,
): Draft {
  const shape = Document.safeParse(draft)
  if (!shape.success) return draft
  const resources = expand(shape.data, surroundings)
  const access = describeAccess(found, shape.data, surroundings, tell)
  const dns = describeZones(found, service, live, resources, tell)
  const tags = commonTags(
    found.contents,
    resources.filter(({ id }) => !isExisting(dns, id)),
  )
  const { name, mode, location, resourceGroup, network, ...rest } = draft
  return {
    ...{ name, mode, location, resourceGroup },
    ...(isEmpty(tags) ? {} : { tags }),
    network: { ...network, ...(isEmpty(dns) ? {} : { dns }) },
    ...rest,
    ...(access.length > 0 ? { access } : {}),
  }
}

const isExisting = (dns: object, id: string): boolean => (id.split('/').at(-1) ?? '') in dns

const isEmpty = (value: object): boolean => Object.keys(value).length === 0
