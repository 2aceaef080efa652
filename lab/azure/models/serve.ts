import type { Azure } from '../arm/azure.ts'
import { keyOf } from '../arm/ids.ts'
import type { AccountResource } from './accounts.ts'
import {
  checkCapability,
  deploymentNotFound,
  deploymentOf,
  isSameFamily,
  type Served,
  unitsOf,
} from './deployments.ts'
import { type Generated, generate } from './generate.ts'
import { createLimiter, type Verdict } from './limiter.ts'
import { createUtilisation } from './provisioned.ts'
import { Refused } from './refused.ts'
import type { Noted, Tally } from './tally.ts'
import { DEFAULT_MOST_TOKENS } from './tokens.ts'
import { tooMany } from './too-many.ts'

/** What one call asks of a model. */
export type Wanted = {
  operation: string
  capability: string
  /** As the message of a 429 says it. */
  apiVersion: string
  host: string
  headers: Record<string, string>
  /** What the answer is drawn by. */
  request: string
  prompt: number
  /** The most that may be generated; undefined when the caller does not say. */
  most: number | undefined
  /** `n`, `best_of`. */
  copies: number
  /** Embeddings generate nothing. */
  generates: boolean
}

export type Answered = Generated & {
  deployment: Served
  prompt: number
  cached: number
  headers: Record<string, string>
}

export type Serve = (
  account: AccountResource,
  deploymentName: string,
  wanted: Wanted,
  noted: Noted,
) => Answered

/** From the arrival at a deployment to what it generates: limits, spillover, the answer. Throws what it refuses. */
export function createServe(
  azure: Azure,
  tally: Tally,
  capacityShare: (host: string) => number,
): { serve: Serve; utilisationOf: (deploymentId: string) => number } {
  const limiter = createLimiter(azure.clock, azure.draw)
  const utilisation = createUtilisation(azure.clock)

  function attempt(deployment: Served, wanted: Wanted, noted: Noted): Answered {
    checkCapability(deployment, wanted.capability)
    const { account, model } = deployment
    Object.assign(noted, {
      deployment: deployment.name,
      modelName: model.name,
      modelVersion: model.version,
    } satisfies Partial<Noted>)
    const { prompt, most, copies } = wanted
    const cached = Math.min(prompt, numberIn(wanted.headers, 'x-lab-cached-tokens') ?? 0)
    const generated = wanted.generates
      ? generate(
          azure.draw,
          keyOf(deployment.id),
          wanted.request,
          prompt,
          most,
          numberIn(wanted.headers, 'x-lab-completion-tokens'),
        )
      : { text: '', completion: 0, finish: 'stop' as const, firstTokenMs: 30, totalMs: 30 + prompt / 100 }
    const completion = generated.completion * copies
    const verdict = limited(deployment, wanted, { prompt, cached, completion })
    const headers = { ...verdict.headers, 'x-ms-deployment-name': deployment.name }
    if (verdict.exceeded) throw tooMany(verdict, headers, wanted, String(account.beside['kind']))
    Object.assign(noted, { prompt, cached, completion, totalMs: generated.totalMs } satisfies Partial<Noted>)
    return { ...generated, completion, deployment, prompt, cached, headers }
  }

  function limited(
    deployment: Served,
    { host, prompt, most, copies, generates }: Wanted,
    load: { prompt: number; cached: number; completion: number },
  ): Verdict {
    const units = unitsOf(deployment, azure.clock.now()) * capacityShare(host)
    const { id, model } = deployment
    if (deployment.provisioned) return utilisation.admit(keyOf(id), model.name, units, load)
    const { tokensPerUnit, requestsPerUnit } = model.ratio
    const limits = { tokensPerMinute: units * tokensPerUnit, requestsPerMinute: units * requestsPerUnit }
    const estimate = prompt + (generates ? (most ?? DEFAULT_MOST_TOKENS) * copies : 0)
    return limiter.admit(keyOf(id), limits, estimate)
  }

  /** azure-facts 11: a provisioned deployment's 429 goes on to a standard one of the same account and family. */
  function spillover(from: Served, wanted: Wanted): Served | undefined {
    const name = from.provisioned
      ? (from.spillover ?? wanted.headers['x-ms-spillover-deployment'])
      : undefined
    const to = name === undefined ? undefined : deploymentOf(from.account, name, azure)
    return to && !to.provisioned && isSameFamily(from, to) ? to : undefined
  }

  const serve: Serve = (account, deploymentName, wanted, noted) => {
    const deployment = deploymentOf(account, deploymentName, azure)
    if (!deployment) throw deploymentNotFound()
    try {
      return attempt(deployment, wanted, noted)
    } catch (error) {
      const to = error instanceof Refused && error.status === 429 ? spillover(deployment, wanted) : undefined
      if (!to || !(error instanceof Refused)) throw error
      tally.note(azure.clock.now(), { ...noted, status: error.status, spillover: false, tookMs: 0 })
      return spilled(deployment, to, error.status, wanted, noted)
    }
  }

  function spilled(from: Served, to: Served, status: number, wanted: Wanted, noted: Noted): Answered {
    noted.spillover = true
    const marks = {
      'x-ms-spillover-from-deployment': from.name,
      'x-ms-spillover-error': String(status),
    }
    try {
      const answered = attempt(to, wanted, noted)
      return { ...answered, headers: { ...answered.headers, ...marks } }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      throw new Refused(error.status, error.message, error.body, { ...error.headers, ...marks })
    }
  }

  return { serve, utilisationOf: (id) => utilisation.percentOf(keyOf(id)) }
}

/** For traffic that is replayed: headers that Azure does not know. */
function numberIn(headers: Record<string, string>, name: string): number | undefined {
  const value = headers[name]
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}
