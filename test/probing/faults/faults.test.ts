import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fault, faults } from '../../probes/faults.ts'
import { type Inject, injections } from './injections.ts'
import { reference } from './reference.ts'
import { suffer } from './suffer.ts'
import { keepRow } from './table.ts'
import { openWorld, type World } from './world.ts'

/**
 * Faults of the table, suffered one after the other: the cause is the right one, one alert, one end of it. `PROBE_FAULTS` says which: `all`, or ids;
 * else one of a kind. With
 * `PROBE_FAULTS_TABLE=docs/probe-faults.md` what came of them is kept there.
 */
const few = [
  'zone-link-removed',
  'certificate-expired',
  'retry-text-changed',
  'gateway-without-openai-user',
  'account-open-and-reached',
]
const asked = process.env['PROBE_FAULTS']
const table = process.env['PROBE_FAULTS_TABLE']
const chosen = asked === 'all' ? Object.keys(injections) : (asked?.split(',') ?? few)

/** The hub of the lab's home has another name than that of the table. */
const inTheLab = ({ cause, says, ...fault }: Fault): Fault => ({
  ...fault,
  cause: cause.replace('data-sender/attempts', 'data-sender/gateway-log'),
  says: new RegExp(says.source.replace('sender at attempts', 'sender at gateway-log')),
})

let world: World
beforeAll(async () => {
  world = await openWorld(reference)
  await world.rounds(2)
  expect(await world.failing()).toEqual([])
}, 300_000)
afterAll(() => world?.close())

test.each(chosen)(
  '%s is told once, by its cause, and told to be over once',
  async (id) => {
    const fault = faults.find((one) => one.id === id)
    const inject: Inject | undefined = injections[id]
    if (!fault || !inject) throw new Error(`there is no fault ${id}`)
    const came = await suffer(world, inTheLab(fault), inject)
    if (table) keepRow(table, came)
    expect(came.wrong, JSON.stringify(came, null, 2)).toBe('')
  },
  600_000,
)
