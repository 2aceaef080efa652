import type { GatewayMinute as LoggedMinute } from '../azure/gateway-logs.ts'
import type { DeploymentMinute } from '../balance/from-metrics.ts'
import { isSameName } from '../preflight/words.ts'
import { type Member, servedBy } from './pool-view.ts'
import type { View } from './view.ts'

/** What a gateway did in the last hours, where somebody has measured it: a finding then says what it costs here. */
export interface Figures {
  /** What callers got. The gateway's log knows the last try of a call alone. */
  gateway: GatewayMinute[]
  /** What deployments were asked, each try counted, by the account's ARM id; an account that was not measured is not there. */
  deployments: ReadonlyMap<string, DeploymentMinute[]>
}

export interface GatewayMinute extends LoggedMinute {
  /** The largest that the backend named, in seconds, where somebody wrote that down. */
  retryAfterSeconds?: number
}

export const ofBackend = ({ gateway }: Figures, backend: string): GatewayMinute[] =>
  gateway.filter((minute) => minute.backend !== undefined && isSameName(minute.backend, backend))

export const callsIn = (minutes: GatewayMinute[]): number =>
  minutes.reduce((sum, { count }) => sum + count, 0)

/** The minutes of the deployment behind a member; undefined where its account was not measured. */
export function minutesOf(
  member: Member,
  { pools, live: { figures } }: View,
): DeploymentMinute[] | undefined {
  const pool = pools.find(({ members }) => members.some(({ backend }) => backend === member.backend))
  const served = pool && servedBy(member, pool)
  const own = [...(figures?.deployments ?? [])].find(([id]) => isSameName(id, member.account?.id ?? ''))
  return served && own?.[1].filter(({ deployment }) => isSameName(deployment, served.name))
}

export const answersIn = (minutes: DeploymentMinute[], status?: string): number =>
  minutes
    .flatMap(({ byStatus }) => Object.entries(byStatus))
    .reduce((sum, [code, count]) => (status === undefined || code === status ? sum + count : sum), 0)

/** `measured here: 12 of 340 calls to its deployment were answered 429` */
export function throttledText(view: View, ...members: Member[]): string | undefined {
  const own = members.flatMap((member) => minutesOf(member, view) ?? [])
  const calls = answersIn(own)
  return calls === 0
    ? undefined
    : `measured here: ${answersIn(own, '429')} of ${calls} calls to ${members.length > 1 ? 'their deployments' : 'its deployment'} were answered 429`
}

/** Whether one of them refused a call; undefined where one was not measured. */
export function isThrottled(view: View, ...members: Member[]): boolean | undefined {
  const own = members.map((member) => minutesOf(member, view))
  if (own.some((minutes) => minutes !== undefined && answersIn(minutes, '429') > 0)) return true
  return own.includes(undefined) ? undefined : false
}

/** Answers of the gateway's own for want of a member; it does not say of which pool. */
export function exhaustedText({ live: { figures } }: View): string | undefined {
  if (!figures || figures.gateway.length === 0) return undefined
  const own = figures.gateway.filter(
    ({ status, backendStatus }) => status === 503 && backendStatus === undefined,
  )
  return `measured here: ${callsIn(own)} of ${callsIn(figures.gateway)} calls ended in a 503 of the gateway’s own`
}
