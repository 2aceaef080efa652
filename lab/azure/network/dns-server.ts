import { createSocket } from 'node:dgram'
import dnsPacket from 'dns-packet'
import type { Faults } from '../faults.ts'
import type { Network } from './network.ts'

/** Azure's DNS (168.63.129.16) as the app's network sees it, over UDP on the loopback interface. */
export async function startDns(
  network: Network,
  troubleWith: Faults['dnsTrouble'],
  port: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const socket = createSocket('udp4')
  socket.on('message', (message, asker) => {
    const answer = answered(message, network, troubleWith)
    if (answer) socket.send(answer, asker.port, asker.address)
  })
  await new Promise<void>((done, failed) => {
    socket.once('error', failed)
    socket.bind(port, '127.0.0.1', done)
  })
  return {
    port: socket.address().port,
    close: () => new Promise<void>((done) => socket.close(done)),
  }
}

const SERVFAIL = 2
const NXDOMAIN = 3
const NOTIMP = 4

function answered(message: Buffer, network: Network, troubleWith: Faults['dnsTrouble']): Buffer | undefined {
  const query = read(message)
  const [question] = query?.questions ?? []
  if (query?.type !== 'query' || !question) return undefined
  const reply = (code: number, rest: Partial<dnsPacket.Packet>) =>
    dnsPacket.encode({
      type: 'response',
      ...(query.id === undefined ? {} : { id: query.id }),
      flags: dnsPacket.RECURSION_AVAILABLE | ((query.flags ?? 0) & dnsPacket.RECURSION_DESIRED) | code,
      questions: [question],
      ...rest,
    })
  if (opcodeOf(query) !== 0) return reply(NOTIMP, {})

  const trouble = troubleWith(question.name.toLowerCase())
  if (trouble === 'silent') return undefined
  if (trouble === 'fails') return reply(SERVFAIL, {})
  const { answers, outcome, zone, isPrivate } = network.resolve(
    question.name,
    trouble === 'public' ? 'internet' : network.networkOf(network.vantage() ?? 'internet'),
  )
  const aliases = answers.filter(({ type }) => type === 'CNAME')
  const wanted = question.type === 'CNAME' ? aliases.slice(0, 1) : question.type === 'A' ? answers : aliases
  const isAnswered =
    question.type === 'CNAME' ? wanted.length > 0 : wanted.some(({ type }) => type === question.type)
  return reply(outcome === 'missing' ? NXDOMAIN : 0, {
    answers: wanted,
    ...(isAnswered ? {} : { authorities: [startOfAuthority(zone, isPrivate)] }),
  })
}

/** 0: a query. What else there is (updates, notifications) is for name servers. */
const opcodeOf = ({ flags = 0 }: dnsPacket.Packet) => (flags >> 11) & 0xf

function read(message: Buffer): dnsPacket.DecodedPacket | undefined {
  try {
    return dnsPacket.decode(message)
  } catch {
    return undefined
  }
}

/** How long nothing may be remembered: what a private zone's own SOA says, and Azure's public zones. */
const startOfAuthority = (name: string, isPrivate: boolean): dnsPacket.SoaAnswer => ({
  type: 'SOA',
  name,
  ttl: isPrivate ? 10 : 60,
  data: {
    mname: isPrivate ? 'azureprivatedns.net' : 'ns1-201.azure-dns.com',
    rname: isPrivate ? 'azureprivatedns-host.microsoft.com' : 'azuredns-hostmaster.microsoft.com',
    serial: 1,
    refresh: 3600,
    retry: 300,
    expire: 2_419_200,
    minimum: isPrivate ? 10 : 60,
  },
})
