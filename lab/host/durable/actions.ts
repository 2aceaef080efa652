// What an orchestrator's invocation returns (functions-host.md, E3): every action since the beginning, in order, one per yield.
import type { Invocation } from '../worker/worker.ts'
import { fromTyped } from './typed.ts'

export const ActionType = {
  CallActivity: 0,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WhenAny: 11,
  WhenAll: 12,
} as const

export type Action =
  | { actionType: typeof ActionType.CallActivity; functionName: string; input?: unknown }
  | { actionType: typeof ActionType.ContinueAsNew; input?: unknown }
  | { actionType: typeof ActionType.CreateTimer; fireAt: string; isCanceled: boolean }
  | { actionType: typeof ActionType.WhenAny | typeof ActionType.WhenAll; compoundActions: Action[] }

export interface OrchestratorState {
  isDone: boolean
  actions: Action[]
  output?: unknown
  error?: string | undefined
  customStatus?: unknown
}

/** `broken`: the invocation ended without a state, so nothing is known of what it did. */
export type OrchestratorReply = OrchestratorState | { broken: string }

const label = '\n\n$OutOfProcData$:'
const withoutMessage =
  '(it threw something without a message; in Azure this instance would stay Running for ever)'

export function readReply(invocation: Invocation): OrchestratorReply {
  if (invocation.ok) return readState(fromTyped(invocation.value))
  const { message } = invocation.error
  const at = message.indexOf(label)
  if (at < 0) return { broken: message }
  const state = readState(JSON.parse(message.slice(at + label.length)))
  return 'broken' in state ? state : { ...state, error: state.error ?? withoutMessage }
}

function readState(value: unknown): OrchestratorReply {
  const state = value as (Omit<OrchestratorState, 'actions'> & { actions?: Action[][] }) | null
  if (!Array.isArray(state?.actions)) return { broken: 'it returned no orchestrator state' }
  return { ...state, actions: state.actions[0] ?? [] }
}

/** Each with what it would need of a host. The product uses none of them (docs/decisions/0001). */
const notPlayed: Record<number, string> = {
  1: 'callActivityWithRetry',
  2: 'callSubOrchestrator',
  3: 'callSubOrchestratorWithRetry',
  6: 'waitForExternalEvent',
  7: 'callEntity',
  8: 'callHttp',
  9: 'signalEntity',
  10: 'signalEntity (scheduled)',
  13: 'lock (of entities)',
  14: 'release (of entities)',
}

/** Why the host will not carry these actions out; undefined when it will. */
export function refusal(actions: Action[], isActivity: (name: string) => boolean): string | undefined {
  for (const action of actions) {
    const feature = notPlayed[action.actionType]
    if (feature) return `the lab's Functions host does not play ${feature}`
    if (action.actionType === ActionType.CallActivity && !isActivity(action.functionName)) {
      return `The function '${action.functionName}' doesn't exist, is disabled, or is not an activity function.`
    }
    if (action.actionType === ActionType.CreateTimer && Number.isNaN(Date.parse(action.fireAt))) {
      return 'createTimer was given a time that is no date'
    }
    const inner = 'compoundActions' in action ? refusal(action.compoundActions, isActivity) : undefined
    if (inner) return inner
  }
  return undefined
}

const customStatusLimitKb = 16

/** Azure compares whole kilobytes, rounded down, so the last byte that passes is the one before 17 KB. */
export function customStatusRefusal(json: string): string | undefined {
  const sizeKb = Math.floor((json.length * 2) / 1024)
  if (sizeKb <= customStatusLimitKb) return undefined
  return (
    `The UTF-16 size of the JSON-serialized payload must not exceed ${customStatusLimitKb} KB. ` +
    `The current payload size is ${sizeKb} KB.`
  )
}
