import { follow } from '../../cli/follow.ts'
import type { PoolView } from '../../src/rebalance/show.ts'
import { lasting, type Stage, within } from './stage.ts'

const longestMinutes = 24
/** By then one has seen it move, and where to. */
const followedShare = 0.6

/** A region takes a sixth of what it used to: an alert, an episode, and weights that follow what the members are measured to admit. */
export async function throttleAndRebalance(stage: Stage): Promise<void> {
  const { client, azure, document, tell, hold } = stage
  tell(
    '\nThe pool may now move by itself (mode: auto). Callers come, and East US begins to turn calls away.\n',
  )
  const auto = document.replace('balance: { mode: shadow }', 'balance: { mode: auto }')
  await follow(client, await client.apply('contoso', auto), () => {})
  const pool = async () => (await client.pools('contoso')).pools[0] as PoolView
  const born = shares(await pool())
  const { id } = await azure.startTraffic({
    gateway: 'contoso-apim',
    deployment: 'gpt-4o',
    trace: { synthetic: 'conversation', minutes: longestMinutes, seed: 5 },
    scale: 0.15,
  })
  const trouble = await azure.addFault({
    match: { path: 'contoso-eus\\.openai', count: 'all' },
    do: { capacityShare: 0.15 },
  })
  const { seen, minutes } = await within(stage, { minutes: longestMinutes }, pool, ({ members }) =>
    members.some(({ account, share = 1 }) => account === 'contoso-eus' && share < followedShare),
  )
  await azure.removeFault(trouble.id)
  await azure.stopTraffic(id)
  const written = seen.decisions.find(({ state }) => state === 'written')
  hold(
    'a throttled region is told of',
    seen.episode !== undefined,
    seen.episode ? `${seen.episode.because}; watched every minute` : 'nothing told of it',
  )
  hold(
    'weights follow what is really there',
    written !== undefined,
    written ? `after ${lasting(minutes)}, from ${born} to ${shares(await pool())}` : `still ${born}`,
  )
  if (written) tell(`  ${written.why}`)
  const { steps } = await client.plan('contoso')
  hold('what was moved is no drift', steps.length === 0, `${steps.length} steps`)
}

const shares = ({ members }: PoolView): string =>
  members.map(({ account, share = 0 }) => `${account} ${Math.round(100 * share)} %`).join(', ')
