import type { Reason } from '../reason.ts'
import type { Failing } from './cause.ts'

/** Where nothing looks wrong: what failures of one kind have in common, which is where to look. */
export interface Group {
  /** `token/AudienceUnknown/https://ai.azure.com`, without the layer and the reason. */
  component: string
  members: Failing[]
}

/** Failures alike in layer and reason, by the most that they share; names first, which have one resolver for all. */
export function groups(unexplained: Failing[]): Group[] {
  const names = unexplained.filter(({ probe }) => probe.layer === 'dns')
  if (areOfTheResolver(names)) {
    const others = unexplained.filter((one) => !names.includes(one))
    return [{ component: 'the resolver', members: commonestFirst(names) }, ...groups(others)]
  }
  return [
    ...Map.groupBy(
      unexplained,
      ({ probe, verdict }) => `${probe.layer} ${verdict.stoppedIn ?? probe.layer} ${verdict.reason}`,
    ).values(),
  ].flatMap((alike) => (alike[0]?.probe.layer === 'token' ? [tokens(alike)] : split(alike)))
}

/** Names of so many different owners do not fail by themselves, be it in different ways. */
const manyOwners = 3

const areOfTheResolver = (names: Failing[]): boolean =>
  names.some(({ verdict }) => verdict.reason === 'ResolverFailed') ||
  new Set(names.map(({ probe }) => probe.suspects.at(-1))).size >= manyOwners

/** What most failures say is what the whole is told by. */
const commonestFirst = (failing: Failing[]): Failing[] =>
  [...Map.groupBy(failing, ({ verdict }) => verdict.reason).values()]
    .toSorted((a, b) => b.length - a.length)
    .flat()

/** A host, a resource or a token are what some share. */
function split(alike: Failing[]): Group[] {
  const component = mostShared(alike)
  if (component === undefined) return alike.map((one) => ({ component: ownOf(one), members: [one] }))
  const [members, others] = [true, false].map((is) =>
    alike.filter(({ probe }) => shares(probe).includes(component) === is),
  )
  return [{ component, members: members ?? [] }, ...split(others ?? [])]
}

/** Kinds that some reasons speak of by themselves; of these the one suspected first. */
const spokenOf: Partial<Record<Reason, string[]>> = {
  NoCapacity: ['pool'],
  MissingRole: ['role-assignment'],
  ServerError: ['pool', 'account', 'api-management'],
}

/** Where one fails alone: its host, where it is about one; else what its reason speaks of, or what it suspects first. */
function ownOf({ probe, verdict }: Failing): string {
  if ('host' in probe.target) return probe.target.host
  const kinds = spokenOf[verdict.reason as Reason] ?? []
  const spoken = probe.suspects.find((key) => kinds.some((kind) => key.startsWith(`${kind}/`)))
  return spoken ?? probe.suspects[0] ?? probe.id
}

const shares = ({ suspects, needs }: Failing['probe']): string[] => [...suspects, ...needs]

/** What two or more have in common: of what most have, what each suspects first. */
function mostShared(failing: Failing[]): string | undefined {
  const count = new Map<string, { members: number; rank: number }>()
  for (const { probe } of failing)
    for (const [rank, key] of shares(probe).entries()) {
      const before = count.get(key) ?? { members: 0, rank: 0 }
      count.set(key, { members: before.members + 1, rank: before.rank + rank })
    }
  const [best] = [...count]
    .filter(([, { members }]) => members > 1)
    .toSorted(([, a], [, b]) => b.members - a.members || a.rank - b.rank)
  return best?.[0]
}

/** One identity without any of its tokens, one audience without any caller, or the endpoint itself. */
function tokens(alike: Failing[]): Group {
  const asked = alike.flatMap(({ probe }) => (probe.module === 'token' ? [probe.target] : []))
  const [identities, audiences] = [
    new Set(asked.map(({ as }) => as)),
    new Set(asked.map(({ audience }) => audience)),
  ]
  const component =
    audiences.size === 1
      ? `${[...audiences][0]}`
      : identities.size === 1
        ? `the identity “${[...identities][0]}”`
        : 'the identity endpoint'
  return { component, members: alike }
}
