import type { DecisionView, PoolView } from '../src/rebalance/show.ts'

/** Pools for people: a line each, one per member below it, and what was decided last. */
export const poolLines = (pools: PoolView[]): string[] =>
  pools.flatMap(({ pool, mode, described, because, members, episode, hold, decisions, shadowed }) => [
    `${pool}  ${mode}${because ? ` (${described} in the document: ${because})` : ''}`,
    ...members.map(
      ({ backend, priority, share, quotaShare, learnedTokensPerMinute, shadowShare, bounds }) =>
        `  ${backend.padEnd(40)} group ${priority}  share ${percent(share)}  by quota ${percent(quotaShare)}` +
        `${shadowShare === undefined || mode !== 'shadow' ? '' : `  in shadow ${percent(shadowShare)}`}` +
        `${learnedTokensPerMinute === undefined ? '' : `  admits ${Math.round(learnedTokensPerMinute / 1000)}k tokens/min`}` +
        `${bounds ? `  bounds ${bounds[0]} to ${bounds[1]} %` : ''}`,
    ),
    ...(episode ? [`  watched every minute since ${episode.since}: ${episode.because}`] : []),
    ...(hold ? [`  held until ${hold.until}: ${hold.message}`] : []),
    ...shadowLine(shadowed),
    ...decisions.toReversed().map((decision) => `  ${decisionLine(decision)}`),
  ])

/** Decisions for people, the newest last. */
export const decisionLines = (decisions: DecisionView[]): string[] => decisions.toReversed().map(decisionLine)

function decisionLine({ at, until, times = 1, state, why, grade }: DecisionView): string {
  const when = until !== undefined && times > 1 ? `${at} to ${until} (${times} times)` : at
  return `${when} ${state}: ${why}${grade ? ` [${grade.grade}: ${grade.why}]` : ''}`
}

function shadowLine(shadowed: PoolView['shadowed']): string[] {
  const { helped, hurt } = shadowed
  const total = Object.values(shadowed).reduce((sum, count) => sum + count, 0)
  return total === 0
    ? []
    : [`  shadow, of the last week: ${helped} of ${total} moves would have helped, ${hurt} would have hurt`]
}

const percent = (share: number | undefined): string =>
  share === undefined ? '?' : `${(100 * share).toFixed(1)} %`
