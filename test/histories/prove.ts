import fc from 'fast-check'

/** After a first failure, simpler histories are tried for so long before the simplest failing one is shown. */
const mostShrinkingMs = Number(process.env['FC_SHRINK_SECONDS'] ?? 45) * 1000

/**
 * Plays random histories until one fails; that one is made simpler, and told in words together with the seed and the path that replay it:
 * `FC_SEED=… FC_PATH=… npx vitest run FILE`.
 */
export async function prove<History>(
  histories: fc.Arbitrary<History>,
  { runs, seed, inWords }: { runs: number; seed: number; inWords(history: History): string },
  play: (history: History) => Promise<unknown>,
): Promise<void> {
  let failedAtMs = Number.POSITIVE_INFINITY
  const path = process.env['FC_PATH']
  const played = await fc.check(
    fc.asyncProperty(histories, async (history) => {
      fc.pre(!(performance.now() - failedAtMs > mostShrinkingMs))
      try {
        await play(history)
      } catch (error) {
        failedAtMs = Math.min(failedAtMs, performance.now())
        throw error
      }
    }),
    { numRuns: runs, seed, ...(path === undefined ? {} : { path }) },
  )
  if (!played.failed) return
  const [history] = played.counterexample ?? []
  const cause = played.errorInstance
  throw new Error(
    [
      `a history fails, after ${played.numRuns}; FC_SEED=${played.seed} FC_PATH=${played.counterexamplePath}`,
      ...(history === undefined ? [] : [inWords(history)]),
      cause instanceof Error ? cause.message : String(cause),
    ].join('\n'),
    { cause },
  )
}

/** The same histories each time, so that a red run is about the change; `npm run test:long` draws others. */
export const seed = Number(process.env['FC_SEED'] ?? 20_261_123)

/** HISTORIES as given, or the usual number, of which a file plays a part. */
export const runs = (part: number): number =>
  Math.max(1, Math.round(Number(process.env['HISTORIES'] ?? 200) * part))
