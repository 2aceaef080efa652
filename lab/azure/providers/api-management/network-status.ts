import { parentNotFound } from '../../arm/errors.ts'
import type { Action } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { SERVICE } from './entity.ts'

const NEEDED = ['Storage', 'SQL', 'Azure Key Vault', 'Azure Monitor', 'Internet']
const REFRESHED_EVERY_MS = 15 * 60_000

/** What the service says of the network it stands in: all is well once it is up, everything is open until then. */
export const networkStatus: Action = {
  method: 'GET',
  path: `/subscriptions/{}/resourceGroups/{}/providers/${SERVICE}/{}/networkstatus`,
  run: ({ path }, azure) => {
    const service = azure.find(path.slice(0, path.lastIndexOf('/')))
    if (!service) throw parentNotFound('read', 'service/networkstatus', path)
    const isUp = service.state === 'Succeeded'
    const lastUpdated = iso(Math.floor(azure.clock.now() / REFRESHED_EVERY_MS) * REFRESHED_EVERY_MS)
    const connectivityStatus = NEEDED.map((name) => ({
      name,
      status: isUp ? 'success' : 'initializing',
      error: '',
      lastUpdated,
      lastStatusChange: iso(service.settledAt ?? service.createdAt),
      resourceType: name,
      isOptional: name === 'Azure Monitor',
    }))
    return {
      status: 200,
      body: [
        { location: service.location, networkStatus: { dnsServers: ['168.63.129.16'], connectivityStatus } },
      ],
    }
  },
}
