import type { Store } from '../store/store.ts'
import type { IncidentRow, Notice } from './rows.ts'

/** Telling people: a log record each, on which a log alert pages, and the webhook where there is one. At least once, in order. */

export interface Channels {
  /** Writes an `ops.alert` record. */
  log(record: string): void
  /** Sends JSON; false or an exception when it was not taken. Absent: there is no webhook. */
  post?: (body: string) => Promise<boolean>
}

const mostBackOffMs = 60 * 60_000

/** What leaves the app about an incident. */
const record = ({ id, environment, cause, confirmedBy, openedMs }: IncidentRow, notice: Notice) => ({
  alert: notice.is,
  incident: id,
  environment,
  at: new Date(notice.atMs).toISOString(),
  since: new Date(openedMs).toISOString(),
  cause: cause.key,
  layer: cause.layer,
  ...(cause.resource === undefined ? {} : { resource: cause.resource }),
  reason: cause.reason,
  message: cause.message,
  remedy: cause.remedy,
  confirmedBy,
  failing: cause.roots.length,
  muted: cause.muted.length,
  ...(cause.repair ? { repair: `POST /api/environments/${environment}/repair` } : {}),
})

/** Delivers what an incident still owes: what is not logged, and what the webhook has not taken, with longer pauses after each no. */
export async function deliver(
  store: Pick<Store, 'incidents'>,
  incident: IncidentRow,
  channels: Channels,
  nowMs: number,
): Promise<IncidentRow> {
  let latest = incident
  const note = async (index: number, change: Partial<Notice>) => {
    const notices = latest.notices.map((one, at) => (at === index ? { ...one, ...change } : one))
    latest = { ...latest, notices }
    await store.incidents.put(latest.environment, latest.id, latest)
  }
  for (const [index, { logged }] of incident.notices.entries()) {
    const one = latest.notices[index]
    if (!one || logged) continue
    channels.log(`ops.alert ${JSON.stringify(record(latest, one))}`)
    await note(index, { logged: true })
  }
  if (!channels.post) return latest
  for (const [index, one] of latest.notices.entries()) {
    if (one.acceptedMs !== undefined) continue
    if (!isTime(one, nowMs)) break
    const trouble = await refusal(channels.post, JSON.stringify(record(latest, one)))
    await note(index, {
      attempts: one.attempts + 1,
      lastAttemptMs: nowMs,
      ...(trouble === undefined ? { acceptedMs: nowMs } : { trouble }),
    })
    // The end of something is not told before its beginning.
    if (trouble !== undefined) break
  }
  return latest
}

/** Whether there is anything left to tell. */
export const isOwing = ({ notices }: IncidentRow, hasWebhook: boolean): boolean =>
  notices.some(({ logged, acceptedMs }) => !logged || (hasWebhook && acceptedMs === undefined))

const isTime = ({ attempts, lastAttemptMs = 0 }: Notice, nowMs: number): boolean =>
  attempts === 0 || nowMs - lastAttemptMs >= Math.min(mostBackOffMs, 30_000 * 2 ** attempts)

async function refusal(post: (body: string) => Promise<boolean>, body: string): Promise<string | undefined> {
  try {
    return (await post(body)) ? undefined : 'refused'
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : String(error).slice(0, 200)
  }
}
