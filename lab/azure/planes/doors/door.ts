import { z } from 'zod'
import type { KeyPair } from '../../certificates.ts'
import type { Asked } from '../../exchange.ts'
import type { Entrances } from '../../network/entrances.ts'
import type { Simulation } from '../../simulation.ts'

/** What the lab's own doors open to. */
export type LabDoors = {
  simulation: Simulation
  authority: KeyPair
  about(): object
  dial: Entrances['dial']
}

export type Answer = { status: number; body?: unknown }

/** `rest`: what follows the door's path, where that ends in a star. */
export type AtDoor = LabDoors & Simulation & { asked: Asked; rest: string }

/** By `METHOD path`; a path that ends in `/*` takes all that is below it, and itself. */
export type Doors = Record<string, (at: AtDoor) => Answer | Promise<Answer>>

export const ok = (body: unknown): Answer => ({ status: 200, body })

export const refused = (status: number, error: string): Answer => ({ status, body: { error } })

/** Reads the body by its shape; 400 in words when it has another. */
export async function withBody<T>(
  shape: z.ZodType<T>,
  { asked }: AtDoor,
  answer: (request: T) => Answer | Promise<Answer>,
): Promise<Answer> {
  const request = shape.safeParse(asked.body)
  return request.success ? answer(request.data) : refused(400, z.prettifyError(request.error))
}
