import type { Probe } from '../probe.ts'
import type { Front } from './fronts.ts'
import { controlPlane, type Ground } from './ground.ts'

/** Every name answers inside with a private address, and the zone says the same as the resolver. */
export const names = (on: Ground): Probe[] =>
  on.fronts.flatMap((front) => [lookup(front), ...(front.record ? [record(on, front, front.record)] : [])])

const lookup = ({ host, owner, within, through, naming }: Front): Probe => ({
  id: `dns/${host}`,
  title: `${host} is found inside at a private address`,
  module: 'dns',
  target: { host, within, ...(through ? { through } : {}) },
  layer: 'dns',
  expect: 'works',
  vantage: 'inside',
  beat: 'network',
  needs: [],
  // An owner is more than its name.
  proves: naming.filter((key) => key !== owner.key),
  suspects: naming,
  // That a public name does not lead outside is the inner half of the isolation.
  journey: 'isolation',
  limit: host,
})

const record = (on: Ground, { host, owner, naming }: Front, id: string): Probe => ({
  id: `record/${host}`,
  title: `the zone's record of ${host} is what the resolver answers`,
  module: 'record',
  target: { host, record: id },
  layer: 'dns',
  expect: 'works',
  vantage: 'inside',
  // A wrong address is found by `dns` in the same minute; this one takes a read of the control plane.
  beat: 'models',
  needs: [`dns/${host}`, `token/app/${hostIn(controlPlane(on.surroundings))}`],
  proves: naming.filter((key) => key !== owner.key),
  suspects: naming,
  limit: 'control plane',
})

const hostIn = (url: string): string => new URL(url).host
