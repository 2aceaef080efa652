import type { Fault } from './fault.ts'
import { at, isRecord, textAt } from './raw.ts'
import { speakableZones } from './zones.ts'

/** A zone that nothing here answers in is a misspelt one, or somebody else's business. */
export function zoneFaults(raw: unknown): Fault[] {
  const zones = at(raw, 'network.dns')
  if (!isRecord(zones) || Array.isArray(zones)) return []
  const known = speakableZones(textAt(raw, 'gateway.apim.name') ?? '')
  return Object.entries(zones).flatMap(([zone, owner]): Fault[] => {
    const path = `network.dns.${zone}`
    if (!known.has(zone))
      return [
        {
          path,
          problem: 'is not a zone that an environment has',
          remedy:
            'use a privatelink zone of Foundry, Search, Storage (blob), Cosmos DB or Key Vault, or a host name of the gateway',
        },
      ]
    const id = textAt(owner, 'existing')
    return id !== undefined && id.split('/').at(-1)?.toLowerCase() !== zone
      ? [
          {
            path: `${path}.existing`,
            problem: `is the id of another zone than ${zone}`,
            remedy: 'give the id of the zone it is for',
          },
        ]
      : []
  })
}
