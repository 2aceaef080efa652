import type { Client } from '../../cli/client.ts'
import type { Azure } from '../azure-client.ts'
import type { Lab } from '../lab.ts'

/** What a chapter of the story plays on. */
export interface Stage {
  lab: Lab
  client: Client
  azure: Azure
  document: string
  tell(line?: string): void
  /** Says whether a step held, and how one can see it. */
  hold(step: string, held: boolean, detail: string): void
}

export interface Step {
  step: string
  held: boolean
  detail: string
}

/** Lets Azure's time pass, some minutes at a time, until it is so or that many have passed. */
export async function within<Seen>(
  { azure }: Pick<Stage, 'azure'>,
  { minutes, step = 1 }: { minutes: number; step?: number },
  look: () => Promise<Seen>,
  isSo: (seen: Seen) => boolean,
): Promise<{ seen: Seen; minutes: number }> {
  for (let passed = 0; ; passed += step) {
    const seen = await look()
    if (isSo(seen) || passed >= minutes) return { seen, minutes: passed }
    await azure.advance(step * 60)
  }
}

export const lasting = (minutes: number): string => (minutes === 1 ? 'a minute' : `${minutes} minutes`)
