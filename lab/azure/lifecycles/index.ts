import { chaos } from './chaos.ts'
import { fast } from './fast.ts'
import type { Temper } from './temper.ts'
import { usual } from './usual.ts'

export const tempers = { usual, fast, chaos } satisfies Record<string, Temper>
export type TemperName = keyof typeof tempers
