import { isWrite } from '../../../lab/azure-client.ts'
import type { Weights } from '../../../src/gateway/shares.ts'
import { strangerId } from '../../histories/ground.ts'
import { eus, eus2 } from '../world.ts'
import type { Played } from './play.ts'

export interface Put {
  weights: Weights
  atMs: number
  isOurs: boolean
}

/** Every change of the pool that Azure carried out, whoever asked for it. */
export const putsOf = ({ journal: rows }: Pick<Played, 'journal'>): Put[] =>
  rows
    .filter((row) => isWrite(row) && row.status < 300 && row.path.endsWith('/backends/gpt-4o'))
    .map(({ requestBody, atMs, caller }) => ({
      weights: weightsOfBody(requestBody),
      atMs,
      isOurs: caller !== strangerId,
    }))

/** The app's. */
export const writesOf = (played: Pick<Played, 'journal'>): Put[] =>
  putsOf(played).filter(({ isOurs }) => isOurs)

export const bornWeights: Weights = { [eus]: 100, [eus2]: 30 }

function weightsOfBody(body: unknown): Weights {
  const { services } = (body as { properties: { pool: { services: { id: string; weight: number }[] } } })
    .properties.pool
  return Object.fromEntries(services.map(({ id, weight }) => [id.split('/').at(-1) ?? '', weight]))
}
