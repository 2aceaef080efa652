import { membersOf } from '../gateway/pools.ts'
import type { Failure } from '../reconcile/outcome.ts'
import { pool as poolKind } from '../resources/backend.ts'
import { closed } from './closing.ts'
import { copyOut } from './decision.ts'
import type { BalanceWorld, Ending, Order } from './deeds.ts'
import { weightsIn, withWeights } from './live-pool.ts'
import { outcomeOf, sameExactly } from './ownership.ts'
import { poolOf } from './pool-of.ts'
import { restrained } from './restrained.ts'
import type { DecisionRow } from './rows.ts'
import { updateBalance } from './update.ts'

/**
 * The second half of a turn: carries out the decision it has committed to, by one PUT of the pool as it was just read, with other weights and its
 * ETag. Never tried twice: whatever stands against it is the next turn's business.
 */
export async function setWeights(world: BalanceWorld, order: Order): Promise<Ending> {
  const { store, arm } = world
  const nowMs = Date.now()
  const row = await store.balance.get(order.environment, order.pool)
  const decision = row?.value.latest
  if (!decision || decision.id !== order.decision || decision.state !== 'decided') return { is: 'closed' }
  const end = (state: Ended, more: Partial<DecisionRow> = {}) =>
    close(world, { ...decision, state, ...more }, state)
  const because = (text: string) => ({ why: `${decision.why} (${text})` })

  const found = await poolOf(world, order)
  if (!found) return end('not written', because('the pool is no longer described'))
  const { document, subject, isDestroyed } = found

  const read = await arm.read(poolKind, subject.id)
  if (read.is === 'unreadable')
    return end('not written', because(`the pool could not be read: ${read.failure.message}`))
  if (read.is === 'missing') return end('lost', because('the pool is gone'))
  const live = weightsIn(membersOf(read.body))
  const wanted = outcomeOf(decision)
  if (sameExactly(wanted, decision.before)) return end('not written', because('it would change nothing'))
  // An order may be handed over again: the process died between its write and the record of it.
  if (sameExactly(live, wanted)) return end('written', { writtenMs: nowMs, readBackMs: nowMs })
  if (!sameExactly(live, decision.before))
    return end('lost', because('somebody has changed the pool meanwhile'))
  if (read.etag === undefined) return end('not written', because('Azure gave no ETag to write against'))
  if (isDestroyed) return end('not written', because('the environment has been taken away'))
  const restraint = await restrained(world, document, subject, nowMs)
  if (restraint) return end('not written', because(restraint.message))

  const written = await arm.write(poolKind, subject.id, withWeights(read.body, decision.after ?? {}), {
    ifMatch: read.etag,
  })
  if (written.is === 'failed') {
    const { failure } = written
    // Nobody knows whether Azure has carried it out: the decision stays open, and the next turn reads the pool.
    if (failure.status === 0) return { is: 'unheard' }
    return isForNow(failure)
      ? end('lost', because(`Azure answered ${failure.status} ${failure.code}`))
      : end('refused', because(`${failure.code || failure.status}: ${failure.message}`))
  }
  const writtenMs = Date.now()
  const back = await arm.read(poolKind, subject.id)
  const stands = back.is === 'found' && sameExactly(weightsIn(membersOf(back.body)), wanted)
  return end('written', { etag: read.etag, writtenMs, ...(stands ? { readBackMs: Date.now() } : {}) })
}

type Ended = 'written' | 'lost' | 'refused' | 'not written'

/** Somebody else's version, a service at work, or too many calls: all of it passes. */
const isForNow = (failure: Failure): boolean =>
  [404, 408, 409, 412, 429].includes(failure.status) || failure.status >= 500

/** Unless another turn has closed it already. */
async function close({ store, log }: BalanceWorld, decision: DecisionRow, is: Ended): Promise<Ending> {
  const { environment, pool } = decision
  const row = await updateBalance(store, environment, pool, (before) =>
    before.latest?.id === decision.id && before.latest.state === 'decided'
      ? closed(before, decision, Date.now())
      : before,
  )
  if (row.latest !== decision) return { is: 'closed' }
  await copyOut(store, decision)
  log(`${environment}: ${pool} ${is}: ${decision.why}`)
  return { is }
}
