import pLimit from 'p-limit'
import type { Arm, Asked } from '../azure/arm.ts'
import type { Fault } from '../environment/fault.ts'
import { textAt } from '../environment/raw.ts'
import { speakableZones } from '../environment/zones.ts'
import { type Found, groupId, idOf, lastOf, nameOf, types } from '../import/found.ts'
import type { Note } from '../import/note.ts'
import { itemsOf } from '../preflight/facts.ts'
import type { Failure } from '../reconcile/outcome.ts'
import { account } from '../resources/account.ts'
import { apiManagement } from '../resources/api-management.ts'
import { backend } from '../resources/backend.ts'
import { connection } from '../resources/connection.ts'
import { cosmos } from '../resources/cosmos.ts'
import { api, apiPolicy } from '../resources/gateway-api.ts'
import { namedValue } from '../resources/gateway-logging.ts'
import { keyVault } from '../resources/key-vault.ts'
import type { JsonObject, Kind } from '../resources/kind.ts'
import { modelDeployment } from '../resources/model-deployment.ts'
import { dnsLink, dnsZone } from '../resources/private-dns.ts'
import { dnsZoneGroup, privateEndpoint } from '../resources/private-endpoint.ts'
import { project } from '../resources/project.ts'
import { roleAssignment } from '../resources/role-assignment.ts'
import { search } from '../resources/search.ts'
import { storage } from '../resources/storage.ts'
import { virtualNetwork } from '../resources/virtual-network.ts'

const mostReadsAtOnce = 8
/** Nothing more is asked after this: the plan has to be made too, within the time that a call may take. */
const askingMs = 60_000
const resourcesVersion = '2021-04-01'

const tops: [Kind, string][] = [
  [virtualNetwork, types.networks],
  [privateEndpoint, types.endpoints],
  [apiManagement, types.services],
  [account, types.accounts],
  [storage, types.storage],
  [search, types.search],
  [cosmos, types.cosmos],
  [keyVault, types.keyVault],
  [roleAssignment, types.assignments],
]

/** Lists of a resource group, what is in their items, and what is in those. Of secrets not even names are asked. */
export async function readGroup(
  arm: Arm,
  subscriptionId: string,
  resourceGroup: string,
): Promise<{ found: Found; unread: Note[] } | { fault: Fault }> {
  const path = groupId({ subscriptionId, resourceGroup })
  const group = await arm.get(`${path}?api-version=${resourcesVersion}`)
  const body = bodyOf(group)
  if (!body)
    return { fault: { path: 'resourceGroup', problem: `cannot be read: ${whyUnread(group)}`, remedy } }

  const { lists, unread, gather, refuse } = gathering(arm)
  const bodies = (id: string) => lists.get(id.toLowerCase()) ?? []
  const inGroup = (type: string) => bodies(`${path}/providers/${type}`)
  const ofEach = (parents: JsonObject[], kind: Kind, type: string) =>
    parents.map((it): Wanted => [kind, `${idOf(it)}/${type}`])
  const contents = await arm.get(`${path}/resources?api-version=${resourcesVersion}`)
  if (!bodyOf(contents)) refuse(`${path}/resources`, whyUnread(contents))

  const zones = `/subscriptions/${subscriptionId}/providers/${types.zones}`
  await gather([...tops.map(([kind, type]): Wanted => [kind, `${path}/providers/${type}`]), [dnsZone, zones]])
  const services = inGroup(types.services)
  const accounts = inGroup(types.accounts)
  const speakable = new Set(services.flatMap((it) => [...speakableZones(nameOf(it))]))
  const spoken = bodies(zones).filter((it) => speakable.has(nameOf(it).toLowerCase()))
  await gather([
    ...ofEach(services, backend, 'backends'),
    ...ofEach(services, api, 'apis'),
    ...ofEach(accounts, modelDeployment, 'deployments'),
    ...ofEach(accounts, project, 'projects'),
    ...ofEach(inGroup(types.endpoints), dnsZoneGroup, 'privateDnsZoneGroups'),
    ...ofEach(spoken, dnsLink, 'virtualNetworkLinks'),
  ])
  await gather(
    ofEach(
      accounts.flatMap((it) => bodies(`${idOf(it)}/projects`)),
      connection,
      'connections',
    ),
  )
  await gather(
    [
      ...ofEach(
        services.flatMap((it) => bodies(`${idOf(it)}/apis`)),
        apiPolicy,
        'policies/policy',
      ),
      // The one named value that the service leaves there; others may be secrets, and are not asked for.
      ...ofEach(services, namedValue, 'namedValues/ops-environment'),
    ],
    'alone',
  )
  return {
    found: {
      subscriptionId,
      resourceGroup: textAt(body, 'name') ?? resourceGroup,
      location: textAt(body, 'location') ?? '',
      contents: itemsOf(bodyOf(contents)),
      lists,
    },
    unread,
  }
}

type Wanted = [kind: Kind, id: string]
/** A collection by its id, or one resource by its own. */
type How = 'listed' | 'alone'

/** Reads lists, some at once, and keeps what came and what did not. */
function gathering(arm: Arm) {
  const lists = new Map<string, JsonObject[]>()
  const unread: Note[] = []
  const limit = pLimit(mostReadsAtOnce)
  const untilMs = Date.now() + askingMs
  const refuse = (resource: string, why: string) =>
    unread.push({ is: 'unreadable', resource, message: `${lastOf(resource)}: ${why}`, remedy })
  const ask = async (kind: Kind, id: string, how: How): Promise<JsonObject[] | Failure> => {
    const answer = how === 'alone' ? await arm.read(kind, id) : await arm.list(kind, id)
    if (answer.is === 'unreadable') return answer.failure
    if (answer.is === 'listed') return answer.bodies
    return answer.is === 'found' ? [answer.body] : []
  }
  const gather = async (wanted: Wanted[], how: How = 'listed'): Promise<void> => {
    await limit.map(wanted, async ([kind, id]) => {
      if (Date.now() > untilMs)
        return refuse(id, 'Azure answered too slowly, and there was no time left to ask')
      const answer = await ask(kind, id, how)
      return Array.isArray(answer) ? lists.set(id.toLowerCase(), answer) : refuse(id, failureText(answer))
    })
  }
  return { lists, unread, gather, refuse }
}

const remedy = 'give the app the role to read it, or try again when Azure answers; then import again'

const bodyOf = (asked: Asked): JsonObject | undefined =>
  'body' in asked && asked.status === 200 ? asked.body : undefined

const whyUnread = (asked: Asked): string =>
  'failure' in asked
    ? failureText(asked.failure)
    : [textAt(asked.body, 'error.code') ?? `HTTP ${asked.status}`, textAt(asked.body, 'error.message')]
        .filter(Boolean)
        .join(': ')

const failureText = ({ code, message }: Failure): string => [code, message].filter(Boolean).join(': ')
