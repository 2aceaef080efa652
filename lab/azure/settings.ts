import { createAuthority, type KeyPair } from './certificates.ts'
import type { TemperName } from './lifecycles/index.ts'
import type { SpeedLimit } from './speed.ts'
import type { Table } from './store.ts'
import type { WorldName } from './worlds/index.ts'

export type Chosen = { temper?: TemperName; seed?: number; speed?: SpeedLimit; world?: WorldName }

export type Settings = {
  temper: TemperName
  seed: number
  world: WorldName
  /** Nothing was kept yet: the world is to be populated. */
  isNew: boolean
  identityHeader: string
  authority: KeyPair
}

/** What was chosen now, else what was kept, else the default. A world is chosen once, at its birth. */
export async function openSettings(kept: Table<unknown>, chosen: Chosen): Promise<Settings> {
  const settle = async <T>(name: string, now: T | undefined, otherwise: () => T | Promise<T>): Promise<T> => {
    const before = kept.get(name) as T | undefined
    const value = now ?? before ?? (await otherwise())
    if (value !== before) kept.put(name, value)
    return value
  }
  const isNew = kept.get('world') === undefined
  await settle<SpeedLimit>('speed', chosen.speed, () => 60)
  return {
    isNew,
    world: await settle<WorldName>('world', isNew ? chosen.world : undefined, () => 'home'),
    temper: await settle<TemperName>('temper', chosen.temper, () => 'usual'),
    seed: await settle('seed', chosen.seed, () => 1),
    identityHeader: await settle<string>('identityHeader', undefined, () => crypto.randomUUID()),
    authority: await settle<KeyPair>('authority', undefined, () =>
      createAuthority('Foundry Gateway Ops lab'),
    ),
  }
}
