import { empty } from './empty.ts'
import { home } from './home.ts'

export const worlds = { home, empty }
export type WorldName = keyof typeof worlds
