import ipaddr from 'ipaddr.js'
import type { Fault } from './fault.ts'

/** IPv4 ranges as pairs of numbers. */
export interface Range {
  path: string
  text: string
  first: number
  last: number
  prefix: number
}

export function parseRange(path: string, text: string): Range | Fault {
  try {
    const [address, prefix] = ipaddr.IPv4.parseCIDR(text)
    const first = toNumber(ipaddr.IPv4.networkAddressFromCIDR(text))
    if (first !== toNumber(address))
      return {
        path,
        problem: `${text} begins in the middle of its range`,
        remedy: `write ${ipaddr.IPv4.networkAddressFromCIDR(text)}/${prefix}`,
      }
    return { path, text, first, last: first + 2 ** (32 - prefix) - 1, prefix }
  } catch {
    return {
      path,
      problem: `${text} is not an IPv4 range`,
      remedy: 'write it as address/prefix, such as 192.168.1.0/27',
    }
  }
}

/** A range that is known to be one. */
export function range(text: string): Range {
  const parsed = parseRange('', text)
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`)
  return parsed
}

export const overlap = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last
export const within = (inner: Range, outer: Range): boolean =>
  inner.first >= outer.first && inner.last <= outer.last

const toNumber = (address: ipaddr.IPv4) => address.toByteArray().reduce((sum, octet) => sum * 256 + octet, 0)
