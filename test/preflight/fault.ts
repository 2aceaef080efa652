import type { World } from './world.ts'

/** One thing wrong with a sound world, and the check that must see it. */
export interface Fault {
  code: string
  /** What is wrong; the case is named by it. */
  fault: string
  /** Where the finding must point: a path of the document, or a resource. */
  at: string | RegExp
  /** Words that must be in its message. */
  says?: RegExp
  given(world: World): void
}

/** Something that looks like the fault and is none. */
export interface Harmless {
  code: string
  because: string
  given(world: World): void
}
