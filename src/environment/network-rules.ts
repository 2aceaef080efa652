import { agentRangeFaults } from './agent-ranges.ts'
import type { Fault } from './fault.ts'
import { overlap, parseRange, type Range, within } from './ranges.ts'
import { at } from './raw.ts'
import { cidr } from './words.ts'

/**
 * Address arithmetic of a document. It works on the raw document, so that a wrong range is reported together with
 * whatever else is wrong and not only after the rest has been corrected.
 */

const apimUnitsByPrefix: Record<number, number> = { 29: 1, 28: 5, 27: 13, 26: 29 }

/** Faults of the ranges in `network`: malformed, overlapping, outside their block, too small (azure-facts 1.1, 1.2). */
export function networkFaults(raw: unknown): Fault[] {
  const faults: Fault[] = []
  const range = (path: string): Range | undefined => {
    const text = at(raw, path)
    if (!cidr.safeParse(text).success || typeof text !== 'string') return undefined
    const parsed = parseRange(path, text)
    if ('problem' in parsed) {
      faults.push(parsed)
      return undefined
    }
    return parsed
  }
  const space = range('network.vnet.addressSpace')
  const apim = range('network.subnets.apim')
  const privateEndpoints = range('network.subnets.privateEndpoints')
  const block = range('network.agents.block')
  const agents = range('network.agents.subnet')

  const tooSmall = (it: Range | undefined, longestPrefix: number, why: string) => {
    if (it && it.prefix > longestPrefix)
      faults.push({
        path: it.path,
        problem: `/${it.prefix} is too small: ${why}`,
        remedy: `use /${longestPrefix} or larger`,
      })
  }
  const units = at(raw, 'gateway.apim.units') ?? 1
  tooSmall(apim, 29, 'API Management in internal mode needs a /29 for one unit')
  tooSmall(privateEndpoints, 28, 'Azure keeps 5 addresses and every private endpoint takes one')
  tooSmall(agents, 27, 'Foundry agents run out of addresses below a /27')
  if (
    apim &&
    typeof units === 'number' &&
    units > (apimUnitsByPrefix[apim.prefix] ?? (apim.prefix < 26 ? 31 : 0)) &&
    apim.prefix <= 29
  )
    faults.push({
      path: apim.path,
      problem: `/${apim.prefix} holds at most ${apimUnitsByPrefix[apim.prefix]} units, the document asks for ${units}`,
      remedy: 'use a larger range or fewer units',
    })
  if (at(raw, 'gateway.apim.sku') === 'Developer' && units !== 1)
    faults.push({
      path: 'gateway.apim.units',
      problem: 'Developer has exactly one unit',
      remedy: 'remove it or use Premium',
    })

  const inside = (inner: Range | undefined, outer: Range | undefined) => {
    if (inner && outer && !within(inner, outer))
      faults.push({
        path: inner.path,
        problem: `${inner.text} is not inside ${outer.path} (${outer.text})`,
        remedy: 'choose a range inside it, or widen it',
      })
  }
  inside(agents, block)
  for (const it of [apim, privateEndpoints, block]) inside(it, space)

  const apart = [apim, privateEndpoints, block ?? agents].filter((it) => it !== undefined)
  for (const [index, it] of apart.entries())
    for (const other of apart.slice(0, index))
      if (overlap(it, other))
        faults.push({
          path: it.path,
          problem: `${it.text} overlaps ${other.path} (${other.text})`,
          remedy: 'give each its own range',
        })
  return [...faults, ...agentRangeFaults(agents)]
}
