import { describe, expect, test } from 'vitest'
import { type Action, ActionType, type OrchestratorReply } from '../../../../lab/host/durable/actions.ts'
import { EventType, type HistoryEvent, historyEvent, isoTime } from '../../../../lab/host/durable/events.ts'
import { type Outcome, replay } from '../../../../lab/host/durable/replay.ts'

const startMs = Date.parse('2030-01-01T00:00:00Z')
const dayMs = 24 * 3600_000

const turn = (atMs = startMs) => historyEvent({ EventType: EventType.OrchestratorStarted }, -1, atMs)
const started = historyEvent({
  EventType: EventType.ExecutionStarted,
  Name: 'plot',
  Version: '',
  Input: null,
  OrchestrationInstance: { InstanceId: 'i', ExecutionId: 'e' },
  ParentInstance: null,
})
const scheduled = (id: number, Name = 'look') =>
  historyEvent({ EventType: EventType.TaskScheduled, Name, Version: '', Input: null }, id)
const completed = (id: number) =>
  historyEvent({ EventType: EventType.TaskCompleted, TaskScheduledId: id, Result: 'null' })
const timerCreated = (id: number) => historyEvent({ EventType: EventType.TimerCreated, FireAt: '' }, id)
const timerFired = (id: number) => historyEvent({ EventType: EventType.TimerFired, TimerId: id, FireAt: '' })

const call = (functionName = 'look'): Action => ({
  actionType: ActionType.CallActivity,
  functionName,
  input: 1,
})
const wait = (afterMs: number, isCanceled = false): Action => ({
  actionType: ActionType.CreateTimer,
  fireAt: isoTime(startMs + afterMs),
  isCanceled,
})
const all = (...compoundActions: Action[]): Action => ({ actionType: ActionType.WhenAll, compoundActions })
const any = (...compoundActions: Action[]): Action => ({ actionType: ActionType.WhenAny, compoundActions })
const goesOn = (...actions: Action[]): OrchestratorReply => ({ isDone: false, actions })
const done = (output: unknown, ...actions: Action[]): OrchestratorReply => ({ isDone: true, actions, output })

const orchestrator = { name: 'plot', isActivity: (name: string) => ['look', 'act'].includes(name) }
const run = (history: HistoryEvent[], reply: OrchestratorReply): Outcome =>
  replay(history, reply, orchestrator)
const activity = (id: number, name = 'look') => ({ kind: 'activity', id, name, input: 1 })

describe('new work', () => {
  test('is what history does not show', () => {
    const history = [turn(), started, scheduled(0), completed(0)]
    expect(run(history, goesOn(call(), call('act'))).newWork).toEqual([activity(1, 'act')])
    expect(run([...history, scheduled(1, 'act')], goesOn(call(), call('act'))).newWork).toEqual([])
  })

  test('of a Task.all begins at once, numbered from left to right', () => {
    const { newWork } = run([turn(), started], goesOn(all(call(), any(wait(5), call('act')), call())))
    expect(newWork).toEqual([
      activity(0),
      { kind: 'timer', id: 1, fireAtMs: startMs + 5 },
      activity(2, 'act'),
      activity(3),
    ])
  })

  test('behind a Task.all waits for every member, failed or not; behind a Task.any for the first', () => {
    const history = [turn(), started, scheduled(0), scheduled(1), completed(1)]
    expect(run(history, goesOn(all(call(), call()), call('act'))).newWork).toEqual([])
    expect(run(history, goesOn(any(call(), call()), call('act'))).newWork).toEqual([activity(2, 'act')])
  })

  test('of a timer beyond six days is a step of three days, then the next, then the rest', () => {
    const plan = goesOn(wait(10 * dayMs))
    const history = [turn(), started]
    const steps: number[] = []
    for (let id = 0; ; id += 1) {
      const [work] = run(history, plan).newWork
      if (work?.kind !== 'timer') break
      steps.push((work.fireAtMs - startMs) / dayMs)
      history.push(timerCreated(id), turn(work.fireAtMs), timerFired(id))
    }
    expect(steps).toEqual([3, 6, 10])
    expect(run(history, done('x', wait(10 * dayMs))).ending).toEqual({ status: 'Completed', output: '"x"' })
  })
})

describe('an end', () => {
  const opened = [turn(), started, scheduled(0), timerCreated(1), completed(0)]

  test('waits for everything still open, but not for a cancelled timer', () => {
    expect(run(opened, done('x', any(call(), wait(dayMs)))).ending).toBe(null)
    expect(run(opened, done('x', any(call(), wait(dayMs, true)))).ending).toEqual({
      status: 'Completed',
      output: '"x"',
    })
  })

  test('by failure waits as well', () => {
    const failing = { isDone: false, actions: [any(call(), wait(dayMs))], error: 'no' }
    expect(run(opened, failing).ending).toBe(null)
    expect(run([...opened, timerFired(1)], failing).ending).toEqual({
      status: 'Failed',
      output: "Orchestrator function 'plot' failed: no",
    })
  })

  test('can be the next execution', () => {
    const again: Action = { actionType: ActionType.ContinueAsNew, input: { left: 2 } }
    expect(run([turn(), started], done(undefined, again)).ending).toEqual({
      status: 'ContinuedAsNew',
      input: '{"left":2}',
    })
  })

  test('of an invocation that never answered is a failure with its reason', () => {
    expect(run([turn(), started], { broken: 'out of memory' }).ending?.status).toBe('Failed')
  })
})

describe('a replay that does not fit its history', () => {
  const cases = [
    {
      name: 'another activity under the same number',
      history: [scheduled(0)],
      actions: [call('act')],
      told: "history has activity 'look' as number 0 (TaskScheduled), but on replay the orchestrator scheduled activity 'act'",
    },
    {
      name: 'a timer where history has an activity',
      history: [scheduled(0)],
      actions: [wait(5)],
      told: 'the orchestrator scheduled a timer under that number',
    },
    {
      name: 'an activity where history has a timer',
      history: [timerCreated(0)],
      actions: [call()],
      told: "history has a timer as number 0 (TimerCreated), but on replay the orchestrator scheduled activity 'look'",
    },
    {
      name: 'nothing where history has something',
      history: [scheduled(0), completed(0), scheduled(1, 'act')],
      actions: [call()],
      told: "history has activity 'act' as number 1 (TaskScheduled), but on replay the orchestrator had scheduled nothing",
    },
  ]
  test.each(cases)('fails: $name', ({ history, actions, told }) => {
    const { ending, newWork } = run([turn(), started, ...history], done('x', ...actions))
    expect(ending).toMatchObject({ status: 'Failed' })
    expect(ending).toHaveProperty('output', expect.stringContaining('Non-deterministic workflow detected'))
    expect(ending).toHaveProperty('output', expect.stringContaining(told))
    expect(newWork).toEqual([])
  })

  test('names of activities are compared as Azure compares them: without case', () => {
    expect(run([turn(), started, scheduled(0, 'LOOK')], goesOn(call())).ending).toBe(null)
  })
})
