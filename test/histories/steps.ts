import fc from 'fast-check'
import type { Fault } from '../../lab/azure-client.ts'
import type { Drift } from './strangers.ts'
import type { Subject } from './subjects.ts'

/** What may happen to an environment, as data: it is drawn, shrunk, printed and played. */
export type Step =
  | { do: 'apply'; edit: number; kills: number[]; approves: boolean }
  | { do: 'repair'; kills: number[]; approves: boolean }
  | { do: 'destroy'; includeProtected: boolean; kills: number[]; approves: boolean }
  | { do: 'drift'; which: number; draw: number }
  | { do: 'fault'; which: number; from: number }

export interface History {
  /** From the home alone, or from an environment that has been provisioned in peace. */
  begins: 'at home' | 'provisioned'
  steps: Step[]
}

const error = (code: string) => ({ error: { code, message: code } })

/** Trouble of Azure that passes. */
export const faults: { words: string; does: Fault['do'] }[] = [
  { words: '429', does: { status: 429, headers: { 'retry-after': '7' }, body: error('TooManyRequests') } },
  { words: '500', does: { status: 500, body: error('InternalServerError') } },
  { words: 'a connection reset', does: { reset: true } },
  { words: 'a lost response', does: { loseResponse: true } },
  { words: '412', does: { status: 412, body: error('PreconditionFailed') } },
  { words: 'an expired token', does: { status: 401, body: error('ExpiredAuthenticationToken') } },
]

interface Scope {
  subject: Subject
  drifts: Drift[]
  /** Calls that an operation makes at most, roughly: where kills and faults may strike. */
  calls: number
  mostKills: number
  mostSteps: number
  /** Of ten histories, how many begin with a provisioned environment. */
  provisioned: number
}

export function histories({ subject, drifts, calls, mostKills, mostSteps, provisioned }: Scope) {
  // A call has two moments to die at: before it is made, and before its answer is heard.
  const kills = fc.array(fc.integer({ min: 2, max: calls * 2 }), { maxLength: mostKills })
  const approves = fc.boolean()
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('apply' as const),
        edit: fc.nat(subject.edits.length - 1),
        kills,
        approves,
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('repair' as const), kills, approves }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('destroy' as const),
        includeProtected: fc.boolean(),
        kills,
        approves,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('drift' as const),
        which: fc.nat(drifts.length - 1),
        draw: fc.nat(40),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('fault' as const),
        which: fc.nat(faults.length - 1),
        from: fc.integer({ min: 1, max: Math.ceil(calls / 3) }),
      }),
    },
  )
  const begins = fc.oneof(
    { weight: provisioned, arbitrary: fc.constant('provisioned' as const) },
    { weight: 10 - provisioned, arbitrary: fc.constant('at home' as const) },
  )
  return fc.record({ begins, steps: fc.array(step, { minLength: 1, maxLength: mostSteps }) })
}

/** A history as a person would tell it. */
export function inWords(
  { begins, steps }: History,
  { subject, drifts }: Pick<Scope, 'subject' | 'drifts'>,
): string {
  const killed = (kills: number[], approves: boolean) =>
    [
      ...(kills.length > 0 ? [`, killed at moment ${kills.join(' and ')}`] : []),
      ...(approves ? [', approving what waits'] : []),
    ].join('')
  const told = steps.map((step) => {
    if (step.do === 'drift') return `a stranger ${drifts[step.which]?.words} (${step.draw})`
    if (step.do === 'fault')
      return `Azure has ${faults[step.which]?.words} ready for calls ${step.from} and ${step.from + 1}`
    const how = killed(step.kills, step.approves)
    if (step.do === 'apply') return `applies the document ${subject.edits[step.edit]?.words}${how}`
    if (step.do === 'repair') return `repairs${how}`
    return `destroys${step.includeProtected ? ', protected things too' : ''}${how}`
  })
  return [`begins ${begins}`, ...told].map((line, index) => `  ${index}. ${line}`).join('\n')
}
