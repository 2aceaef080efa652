import { dnsRecord } from '../../resources/private-dns.ts'
import { stopwatch } from '../phases.ts'
import type { Evidence } from '../probe.ts'
import { halted, judged, type Module } from './module.ts'

/** The private zone's record and the resolver say the same. They differ when another zone answers, a link is missing, or a forwarder remembers. */
export const record: Module<'record'> = async ({ host, record }, tools, signal) => {
  const watch = stopwatch()
  const evidence: Evidence = { phases: watch.phases, trace: [] }
  const said = await tools.arm(`${record}?api-version=${dnsRecord.apiVersion}`)
  watch.lap('arm')
  if ('failure' in said || (said.status !== 200 && said.status !== 404))
    return judged(
      {
        result: 'inconclusive',
        reason: 'Unreadable',
        why: `the record of ${host} cannot be read: ${'failure' in said ? said.failure.message : said.status}`,
        stoppedIn: 'control',
      },
      evidence,
    )
  if (said.status === 404)
    return judged(
      {
        result: 'fail',
        reason: 'RecordMissing',
        why: `there is no record for ${host} in its zone`,
        stoppedIn: 'control',
      },
      evidence,
    )
  const written = addressesIn(said.body)
  evidence.trace.push(`the zone says ${written.join(', ') || 'nothing'}`)
  const found = await tools.lookUp(host, signal)
  watch.lap('lookup')
  if ('reason' in found) return halted(found, evidence)
  evidence.trace.push(`the resolver says ${found.join(', ')}`)
  if (written.toSorted().join() !== found.toSorted().join())
    return judged(
      {
        result: 'fail',
        reason: 'ResolverDisagrees',
        why: `${host}: the zone says ${written.join(', ') || 'nothing'}, the resolver ${found.join(', ')}`,
        stoppedIn: 'dns',
      },
      evidence,
    )
  return judged(
    { result: 'pass', reason: 'Works', why: `zone and resolver say ${found.join(', ')}` },
    evidence,
  )
}

function addressesIn(body: object): string[] {
  const { properties } = body as { properties?: { aRecords?: { ipv4Address: string }[] } }
  return (properties?.aRecords ?? []).map(({ ipv4Address }) => ipv4Address)
}
