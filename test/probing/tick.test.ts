import { describe, expect, test } from 'vitest'
import { giveLease, takeLease } from '../../src/probing/lease.ts'
import { allEnvironments } from '../../src/store/store.ts'
import { operation, probe, verdict, world } from './fakes.ts'

const dns = probe('dns', { layer: 'dns', suspects: ['link'] })
const tcp = probe('tcp', { needs: ['dns'] })
const chat = probe('chat', { beat: 'models', layer: 'model', needs: ['tcp'] })
const agent = { ...probe('agent', { beat: 'agents', layer: 'agent' }), module: 'agent' } as ReturnType<
  typeof probe
>

describe('what is asked', () => {
  test('nothing before a provision has ended, everything after', async () => {
    const here = world([dns, chat])
    await here.begin(operation({ state: 'running' }))
    await here.minute()
    expect(here.asked).toEqual([])
    await here.begin()
    await here.minute()
    expect(here.asked.toSorted()).toEqual(['chat', 'dns'])
    await here.minute()
    expect(here.asked).toEqual(['dns'])
  })

  test('an agent’s life is begun elsewhere, once per beat', async () => {
    const here = world([agent])
    await here.begin()
    await here.minute()
    expect([here.asked, here.begun]).toEqual([[], ['agent']])
  })

  test('two rounds of one environment are never under way at once', async () => {
    const here = world([dns])
    await here.begin()
    await here.minute()
    expect(await takeLease(here.store, 'contoso', 'somebody else', here.now())).toBe(true)
    await here.minute()
    expect(here.asked, 'somebody else has it').toEqual([])
    await giveLease(here.store, 'contoso', 'somebody else')
    await here.minute()
    expect(here.asked).toEqual(['dns'])
    expect(await takeLease(here.store, 'contoso', 'who died', here.now())).toBe(true)
    await here.minutes(2)
    expect(here.asked, 'a lease of a dead tick runs out').toEqual(['dns'])
  })

  test('a child is asked while its parent fails, its failure is muted, and it is asked again as soon as the parent works', async () => {
    const here = world([dns, tcp, chat])
    await here.begin()
    await here.minutes(3)
    for (const id of ['dns', 'tcp', 'chat']) here.answers(id, 'fail')
    await here.minutes(6)
    expect((await here.state('chat'))?.recent.at(-1)?.[1]).toBe('m')
    expect(
      (await here.state('tcp'))?.recent
        .slice(-6)
        .map(([, mark]) => mark)
        .join(''),
    ).toBe('mmmmmm')
    for (const id of ['dns', 'tcp', 'chat']) here.answers(id, 'pass')
    await here.minutes(2)
    expect(here.asked).toContain('chat')
    await here.minutes(2)
    expect(here.told()).toEqual(['fired dns TimedOut', 'resolved dns TimedOut'])
  })
})

describe('when people are told', () => {
  test('two failures of three, confirmed; once; and that it is over after two green rounds', async () => {
    const here = world([dns, tcp])
    await here.begin()
    await here.minutes(4)
    here.answers('dns', 'fail')
    await here.minute()
    expect(here.told(), 'one failure is none').toEqual([])
    here.answers('dns', 'pass')
    await here.minute()
    here.answers('dns', 'fail')
    await here.minute()
    expect(here.told()).toEqual(['fired dns TimedOut'])
    await here.minutes(10)
    expect(here.told()).toEqual(['fired dns TimedOut'])
    here.answers('dns', 'pass')
    await here.minute()
    expect(here.told()).toHaveLength(1)
    await here.minute()
    expect(here.told()).toEqual(['fired dns TimedOut', 'resolved dns TimedOut'])
    await here.minutes(5)
    expect(here.told()).toHaveLength(2)
  })

  test('what a fresh connection does not confirm is not told', async () => {
    const here = world([dns])
    await here.begin()
    await here.minutes(3)
    // The round's question fails, and the one that follows it does not.
    here.answers('dns', 'fail', 'Reset')
    here.probes.ask = async () => {
      here.asked.push('dns')
      return verdict('pass')
    }
    await here.minutes(5)
    expect(here.asked).toEqual(['dns', 'dns'])
    expect(await here.incidents()).toEqual([])
  })

  test.each([
    ['the control plane', [dns], 'control plane'],
    ['another probe behind it', [dns, tcp], 'another probe'],
    ['asking again', [dns], 'asked again'],
  ] as const)('%s confirms, and which of them is kept', async (_name, probes, confirmedBy) => {
    const here = world([...probes])
    await here.begin()
    await here.minutes(3)
    if (confirmedBy === 'control plane') here.observations.set('link', { state: 'drifted', changes: [] })
    for (const { id } of probes) here.answers(id, 'fail')
    await here.minutes(2)
    expect(await here.incidents()).toMatchObject([{ state: 'fired', confirmedBy }])
  })

  test('Azure is read only when something fails, and once a minute', async () => {
    const here = world([dns, tcp])
    await here.begin()
    await here.minutes(5)
    expect(here.looked).toEqual([])
    here.answers('dns', 'fail')
    await here.minutes(4)
    expect(here.looked).toEqual([['link'], ['link'], ['link']])
  })

  test('a model is believed at the second failure, a minute later', async () => {
    const here = world([chat])
    await here.begin()
    await here.minutes(12)
    here.answers('chat', 'fail', 'ServerError')
    let minutes = 0
    while (here.told().length === 0 && minutes < 20) {
      await here.minute()
      minutes++
    }
    expect(minutes).toBeLessThanOrEqual(6)
    expect((await here.state('chat'))?.recent.slice(-2).map(([, mark]) => mark)).toEqual(['f', 'f'])
  })
})

describe('an incident', () => {
  test('that is explained otherwise later stays the same incident', async () => {
    const here = world([dns, tcp])
    await here.begin()
    await here.minutes(3)
    here.answers('dns', 'fail')
    await here.minutes(3)
    here.observations.set('link', { state: 'drifted', changes: [] })
    await here.minutes(3)
    expect(await here.incidents()).toMatchObject([{ cause: { key: 'link' }, earlier: ['dns TimedOut'] }])
    here.observations.delete('link')
    await here.minutes(2)
    expect(await here.incidents()).toHaveLength(1)
    here.answers('dns', 'pass')
    await here.minutes(2)
    expect(here.told()).toEqual(['fired dns TimedOut', 'resolved dns TimedOut'])
  })

  test('whose failure turns out to be an echo stays the same incident', async () => {
    const here = world([dns, tcp])
    await here.begin()
    await here.minutes(3)
    here.answers('tcp', 'fail')
    await here.minutes(3)
    here.answers('dns', 'fail')
    await here.minutes(4)
    expect(await here.incidents()).toMatchObject([
      { cause: { roots: ['dns'], muted: ['tcp'] }, earlier: ['tcp TimedOut'] },
    ])
    expect(here.told()).toEqual(['fired tcp TimedOut'])
  })

  test('of two faults at once are two, each resolved by itself', async () => {
    const other = probe('other')
    const here = world([dns, other])
    await here.begin()
    await here.minutes(3)
    here.answers('dns', 'fail')
    here.answers('other', 'fail', 'Refused')
    await here.minutes(3)
    here.answers('other', 'pass')
    await here.minutes(3)
    expect(here.told().toSorted()).toEqual([
      'fired dns TimedOut',
      'fired other Refused',
      'resolved other Refused',
    ])
  })

  test('is not told while an operation of ours is at work, nor two minutes after; then it is, if it is still there', async () => {
    const here = world([dns, chat])
    await here.begin()
    await here.minutes(6)
    const repair = operation({ kind: 'repair', state: 'running', createdMs: here.now() })
    await here.begin(repair)
    here.answers('dns', 'fail')
    here.answers('chat', 'fail')
    await here.minutes(10)
    expect(here.told()).toEqual([])
    expect((await here.incidents()).map(({ state }) => state)).toContain('maintenance')
    await here.begin({ ...repair, state: 'succeeded', finishedMs: here.now() })
    here.answers('chat', 'pass')
    await here.minute()
    expect(here.asked.toSorted(), 'what failed meanwhile is asked again').toContain('chat')
    expect(here.told()).toEqual([])
    await here.minutes(2)
    expect(here.told()).toEqual(['fired dns TimedOut'])
  })

  test('behind a role that was given less than ten minutes ago is told when it outlasts that, and nothing else waits for it', async () => {
    const call = probe('call', { layer: 'role', suspects: ['role-assignment/probe/user/eus'] })
    const here = world([dns, call])
    await here.begin(operation({ finishedMs: here.startMs }))
    const given = { resource: 'role-assignment/probe/user/eus', operation: 'one', attempt: 1 }
    await here.store.intents.put('contoso', given.resource, { ...given, atMs: here.startMs })
    here.answers('call', 'fail', 'MissingRole')
    here.answers('dns', 'fail')
    await here.minutes(6)
    expect(here.told()).toEqual(['fired dns TimedOut'])
    here.answers('dns', 'pass')
    await here.minutes(8)
    expect(here.told()).toEqual(['fired dns TimedOut', 'resolved dns TimedOut', 'fired call MissingRole'])
  })

  test('behind a role that Azure shows to be gone is told at once, however new it is', async () => {
    const role = 'role-assignment/probe/user/eus'
    const here = world([probe('call', { layer: 'role', suspects: [role] })])
    await here.begin(operation({ finishedMs: here.startMs }))
    await here.store.intents.put('contoso', role, {
      resource: role,
      operation: 'one',
      attempt: 1,
      atMs: here.startMs,
    })
    here.observations.set(role, { state: 'drifted', changes: [] })
    here.answers('call', 'fail', 'MissingRole')
    await here.minutes(5)
    expect(here.told()).toEqual([`fired ${role}`])
  })

  test('that a role brings in its own time is told to nobody', async () => {
    const here = world([probe('call', { layer: 'role' })])
    await here.begin(operation({ finishedMs: here.startMs }))
    const given = { resource: 'role-assignment/probe/user/eus', operation: 'one', attempt: 1 }
    await here.store.intents.put('contoso', given.resource, { ...given, atMs: here.startMs })
    here.answers('call', 'fail', 'MissingRole')
    await here.minutes(6)
    here.answers('call', 'pass')
    await here.minutes(20)
    expect(here.told()).toEqual([])
    expect(await here.incidents()).toMatchObject([{ state: 'resolved' }])
  })

  test('that maintenance mends is told to nobody', async () => {
    const here = world([dns])
    await here.begin(operation({ finishedMs: Date.parse('2026-11-25T10:00:00Z') }))
    here.answers('dns', 'fail')
    await here.minute()
    here.answers('dns', 'pass')
    await here.minutes(5)
    expect(here.told()).toEqual([])
  })

  test('is resolved when its probe is no longer derived', async () => {
    const here = world([dns, tcp])
    await here.begin()
    await here.minutes(3)
    here.answers('dns', 'fail')
    await here.minutes(2)
    here.describe([tcp])
    await here.minute()
    expect(here.told()).toEqual(['fired dns TimedOut', 'resolved dns TimedOut'])
  })

  test.each(['destroyed', 'forgotten'] as const)('is resolved when its environment is %s', async (how) => {
    const here = world([dns])
    await here.begin()
    await here.minutes(3)
    here.answers('dns', 'fail')
    await here.minutes(2)
    if (how === 'destroyed') await here.begin(operation({ kind: 'destroy', state: 'running' }))
    else await here.store.environments.remove(allEnvironments, 'contoso')
    await here.minute()
    expect(here.told()).toEqual(['fired dns TimedOut', 'resolved dns TimedOut'])
    await here.minutes(2)
    expect([here.asked, here.told().length, await here.store.probing.list(allEnvironments)]).toEqual([
      [],
      2,
      [],
    ])
  })

  test('is resolved also by a process that never saw it fire', async () => {
    const before = world([dns])
    await before.begin()
    await before.minutes(3)
    before.answers('dns', 'fail')
    await before.minutes(2)
    const after = world([dns], { kept: before.store })
    after.pass(before.now() - after.now())
    await after.minutes(2)
    expect(after.told()).toEqual(['resolved dns TimedOut'])
  })

  test('a tick that dies anywhere tells nothing less: every alert is told at least once', async () => {
    for (let write = 0; write < 14; write++) {
      const here = world([dns])
      await here.begin()
      await here.minutes(3)
      here.answers('dns', 'fail')
      await here.minute()
      let left = write
      const dying = Object.fromEntries(
        Object.entries(here.store).map(([name, table]) => [
          name,
          {
            ...table,
            put: async (...given: [string, string, never]) => {
              if (left-- <= 0) throw new Error('killed')
              return table.put(...given)
            },
            putAll: async (...given: [string, never]) => {
              if (left-- <= 0) throw new Error('killed')
              return table.putAll(...given)
            },
            replaceAll: async (...given: [string, never]) => {
              if (left-- <= 0) throw new Error('killed')
              return table.replaceAll(...given)
            },
          },
        ]),
      )
      await here
        .minute(dying as typeof here.store)
        .catch((error: Error) => expect(error.message).toContain('killed'))
      await here.minutes(4)
      expect([...new Set(here.told())], `killed at write ${write}`).toEqual(['fired dns TimedOut'])
      expect(await here.incidents()).toHaveLength(1)
    }
  })

  test('whose cause is drift thinks of its repair; one without does not', async () => {
    const here = world([dns])
    await here.begin()
    await here.minutes(3)
    here.answers('dns', 'fail')
    here.observations.set('link', { state: 'drifted', changes: [] })
    await here.minutes(2)
    expect(here.repairs).toEqual(['link'])
  })
})
