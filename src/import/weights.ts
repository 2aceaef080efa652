import { provisionedSkus } from '../environment/foundry-schema.ts'
import { type Bounds, quotaShares, sharesOf, weightsOf } from '../gateway/shares.ts'
import { isSameName, listText } from '../preflight/words.ts'
import type { DraftAccount, DraftPool } from './draft.ts'
import type { Tell } from './note.ts'

export interface LiveMember {
  backend: string
  priority: number
  weight: number
}

type Placed = LiveMember & { account: DraftAccount }

/** Percent; what a document means by saying nothing. */
const usualBounds: Bounds = [5, 95]

/** The members as a document says them. A weight is said where it is not what capacity would make it. */
export function weighed(
  members: Placed[],
  deployment: string,
  resource: string,
  tell: Tell,
): DraftPool['members'] {
  const groups = [...Map.groupBy(members, ({ priority }) => priority)].toSorted(([a], [b]) => a - b)
  return groups.flatMap(([priority, group]) => {
    const live = weightsOf(sharesOf(weightsIn(group)))
    const said = !isByCapacity(group, deployment, live)
    const shares = sharesOf(live)
    return group.map(({ account, backend }) => {
      const share = 100 * (shares[backend] ?? 0)
      const outside = group.length > 1 && (share < usualBounds[0] || share > usualBounds[1])
      if (outside)
        tell({
          is: 'assumed',
          path: 'gateway.pools[].members[].bounds',
          resource,
          message: `${account.name} has ${Math.round(10 * share) / 10} percent of its priority’s traffic, which is outside the usual bounds (${listText(usualBounds.map(String))}): the bounds were widened to let it be so`,
          remedy: 'choose the bounds you want; a share outside them is moved into them',
        })
      return {
        account: account.name,
        ...(priority === 1 ? {} : { priority }),
        ...(outside ? { bounds: around(share) } : {}),
        ...(said ? { weight: live[backend] ?? 100 } : {}),
      }
    })
  })
}

const weightsIn = (group: LiveMember[]) =>
  Object.fromEntries(group.map(({ backend, weight }) => [backend, weight]))

const around = (share: number): [number, number] => [
  Math.max(1, Math.min(usualBounds[0], Math.floor(share))),
  Math.min(100, Math.max(usualBounds[1], Math.ceil(share))),
]

/** Whether a document without weights would give birth to these. Provisioned units and tokens per minute have no proportion. */
function isByCapacity(group: Placed[], deployment: string, live: Record<string, number>): boolean {
  const deployments = group.map(({ account, backend }) => ({
    backend,
    found: account.deployments?.find(({ name, model }) => isSameName(name ?? model, deployment)),
  }))
  const provisioned = deployments.map(({ found }) => provisionedSkus.some((sku) => sku === found?.sku))
  if (new Set(provisioned).size > 1) return false
  const born = weightsOf(
    quotaShares(Object.fromEntries(deployments.map(({ backend, found }) => [backend, found?.capacity]))),
  )
  return Object.entries(born).every(([backend, weight]) => live[backend] === weight)
}
