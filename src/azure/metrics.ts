import type { TokenCredential } from '@azure/identity'
import type { DeploymentMinute } from '../balance/from-metrics.ts'
import type { Failure } from '../reconcile/outcome.ts'
import { shortLocation } from '../resources/kind.ts'
import { answersAsked, loadAsked, minutesIn } from './metrics-minutes.ts'
import { type Answer, type Series, type Span, wholeMinutes } from './monitor-answers.ts'
import { openMonitorQuery, type Question } from './monitor-query.ts'
import type { Settings } from './settings.ts'

/** What Azure Monitor says of the deployments of accounts, minute by minute. */
export interface Metrics {
  /** By account id as given; two reads for each account at most, or two for all those of a region. */
  minutes(accounts: Account[], span: Span): Promise<Map<string, Measured>>
}

export interface Account {
  id: string
  location: string
}

/** What cannot be read is never zero. */
export type Measured =
  | { is: 'measured'; minutes: DeploymentMinute[] }
  | { is: 'unreadable'; failure: Failure }

type Told = [id: string, Measured]

/** azure-facts 9.4. */
const mostInBatch = 50
const hourMs = 3_600_000

/**
 * Accounts of one region are read together. Where that fails, for whatever reason (no such host in this cloud, a firewall, one account among
 * them that may not be read), they are read one by one, at once and for an hour.
 */
export function openMetrics(
  settings: Pick<Settings, 'resourceManager' | 'surroundings'>,
  credential: () => Promise<TokenCredential>,
  nowMs: () => number = Date.now,
): Metrics {
  const monitor = openMonitorQuery(settings, credential)
  const apartUntilMs = new Map<string, number>()

  async function apart(accounts: Account[], span: Span): Promise<Told[]> {
    const told = accounts.map(async ({ id }): Promise<Told> => {
      const { answers, load } = await both((question) => monitor.metrics(id, question), span)
      return [id, measured(answers, load, span)]
    })
    return Promise.all(told)
  }

  /** Undefined: there is no answer to be had this way. */
  async function together(accounts: Account[], span: Span): Promise<Told[] | undefined> {
    const ids = accounts.map(({ id }) => id)
    const region = shortLocation(accounts[0]?.location ?? '')
    const { answers, load } = await both((question) => monitor.regionalMetrics(region, ids, question), span)
    if (answers.is === 'unreadable' || load.is === 'unreadable') return undefined
    const of = (said: Map<string, Answer<Series[]>>, id: string) => said.get(id.toLowerCase()) ?? leftOut(id)
    return ids.map((id) => [id, measured(of(answers.value, id), of(load.value, id), span)])
  }

  async function group(name: string, accounts: Account[], span: Span): Promise<Told[]> {
    if (accounts.length === 1 || nowMs() < (apartUntilMs.get(name) ?? 0)) return apart(accounts, span)
    const told = await together(accounts, span)
    if (told) return told
    apartUntilMs.set(name, nowMs() + hourMs)
    return apart(accounts, span)
  }

  return {
    async minutes(accounts, span) {
      const whole = wholeMinutes(span)
      const groups = Map.groupBy(accounts, groupOf)
      const told = [...groups].flatMap(([name, own]) =>
        chunks(own, mostInBatch).map((some) => group(name, some, whole)),
      )
      return new Map((await Promise.all(told)).flat())
    },
  }
}

/** What one call can ask for: accounts of one subscription and region. */
const groupOf = ({ id, location }: Account) => `${id.split('/')[2]} ${shortLocation(location)}`.toLowerCase()

const chunks = <Item>(items: Item[], size: number): Item[][] =>
  items.length === 0 ? [] : [items.slice(0, size), ...chunks(items.slice(size), size)]

/** One after the other: where the first has no answer, the second would have none. */
async function both<Value>(ask: (question: Question) => Promise<Answer<Value>>, span: Span) {
  const answers = await ask(answersAsked(span))
  return { answers, load: answers.is === 'answered' ? await ask(loadAsked(span)) : answers }
}

function measured(answers: Answer<Series[]>, load: Answer<Series[]>, span: Span): Measured {
  if (answers.is === 'unreadable') return answers
  if (load.is === 'unreadable') return load
  return { is: 'measured', minutes: minutesIn(answers.value, load.value, span) }
}

const leftOut = (id: string): Answer<never> => ({
  is: 'unreadable',
  failure: { status: 200, code: 'NotInAnswer', message: `Azure Monitor said nothing of ${id}` },
})
