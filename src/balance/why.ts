import type { Minute, Sample } from './samples.ts'

/** Sentences for the operator who asks why a share moved. */

/** Why the shares go from `before` to `after`: the member that moves most, what it answered, and how far it goes. */
export function whyShift(
  before: Record<string, number>,
  after: Record<string, number>,
  minutes: Minute[],
  quota: Record<string, number> | undefined,
): string {
  const change = (name: string) => (after[name] ?? 0) - (before[name] ?? 0)
  const names = Object.keys(after)
  const moved = names.reduce((most, name) =>
    Math.abs(change(name)) > Math.abs(change(most)) + 1e-9 ? name : most,
  )
  // Two members move equally far: the one that loses is the story.
  const mover = names.find((name) => change(name) <= -Math.abs(change(moved)) + 1e-9) ?? moved
  const said = evidence(mover, minutes, quota?.[mover])
  return `${said}: its share goes from ${percent(before[mover] ?? 0)} to ${percent(after[mover] ?? 0)}`
}

export const whyFallback = (minutes: number, known: boolean): string =>
  `no metrics for ${Math.floor(minutes)} minutes: the shares step back to ${known ? 'the quotas' : 'equal ones'}`

function evidence(name: string, minutes: Minute[], quota: number | undefined): string {
  const rows = minutes.flatMap(({ rows }) => rows.filter(({ backend }) => backend === name))
  if (rows.length === 0) return `${name} is weighed against what the others did`
  const sum = (part: (row: Sample) => number) => rows.reduce((total, row) => total + part(row), 0)
  const [total, throttled, errors] = [
    sum((row) => row.total),
    sum((row) => row.throttled),
    sum((row) => row.errors),
  ]
  const calls = `${count(total)} ${total === 1 ? 'request' : 'requests'}`
  const admitted = `admitted ${tokens(sum((row) => row.tokens) / rows.length)} tokens a minute${quota === undefined ? '' : ` of its ${tokens(quota)}`}`
  if (errors > throttled) return `${name} failed ${percent(errors / total)} of ${calls} and ${admitted}`
  if (throttled > 0)
    return `${name} answered 429 to ${percent(throttled / total)} of ${calls} and ${admitted}`
  return `${name} took all of ${calls} and ${admitted}`
}

export const percent = (part: number): string => {
  const value = 100 * part
  return `${value > 0 && value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`
}

export const points = (part: number): string => `${Number((100 * part).toFixed(1))} points`

const tokens = (value: number): string => (value >= 1000 ? `${Math.round(value / 1000)}k` : count(value))
const count = (value: number): string => `${Math.round(value)}`
