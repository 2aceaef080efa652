import type { Identity, Probe } from '../probe.ts'
import { audiences, controlPlane, type Ground } from './ground.ts'

/** The id of the probe that a call with a token needs. */
export const tokenId = (as: Identity, audience: string): string => `token/${as}/${new URL(audience).host}`

/** Every token that any probe asks for, once. */
export function tokens(on: Ground): Probe[] {
  const { document, hasCanaries } = on
  const asked: [Identity, string][] = [
    ['app', controlPlane(on.surroundings)],
    ...(hasCanaries ? (['probe', 'nobody'] as const) : []).flatMap((as) =>
      [
        ...(document.foundry.accounts.length > 0 || on.hasProbePath ? [audiences.models] : []),
        ...(document.foundry.accounts.some(({ project }) => project !== undefined)
          ? [audiences.projects]
          : []),
        ...(document.data.storage === undefined ? [] : [audiences.storage]),
        ...(document.data.search === undefined ? [] : [audiences.search]),
      ].map((audience): [Identity, string] => [as, audience]),
    ),
  ]
  return asked.map(([as, audience]) => ({
    id: tokenId(as, audience),
    title: `${titles[as]} gets a token for ${audience}`,
    module: 'token',
    target: { as, audience },
    layer: 'token',
    expect: 'works',
    vantage: 'inside',
    beat: 'network',
    needs: [],
    proves: [],
    // The identities and the endpoint that gives their tokens are the home's.
    suspects: [],
    limit: 'identity endpoint',
  }))
}

const titles: Record<Identity, string> = {
  app: 'the app',
  probe: 'the canary with a caller’s roles',
  nobody: 'the canary without a role',
}
