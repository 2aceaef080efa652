import { BlockList, isIP } from 'node:net'

const own = new BlockList()
own.addSubnet('127.0.0.0', 8, 'ipv4')
own.addAddress('0.0.0.0', 'ipv4')
own.addAddress('::1', 'ipv6')
own.addAddress('::', 'ipv6')

/** Whether a name or address means this machine: the lab's halves, Azurite, whatever a developer runs beside them. */
export function isThisMachine(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return /^(.+\.)?localhost\.?$/i.test(host)
  return own.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
