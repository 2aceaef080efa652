import { iso } from '../../clock.ts'
import type { Simulation } from '../../simulation.ts'
import { ClockRequest, IdleQuestion } from '../../timekeeper.ts'
import { type Doors, ok, withBody } from './door.ts'

export const clockState = ({ clock, timekeeper }: Simulation) => ({
  now: iso(clock.now()),
  offsetMs: clock.offsetMs(),
  speed: timekeeper.speed(),
})

export const clockDoors: Doors = {
  'GET clock': (at) => ok(clockState(at)),
  'POST clock': (at) =>
    withBody(ClockRequest, at, async (request) => {
      if ('speed' in request) at.timekeeper.setSpeed(request.speed)
      else await at.timekeeper.advance(request.advanceSeconds)
      return ok(clockState(at))
    }),
  'POST clock/idle': (at) =>
    withBody(IdleQuestion, at, async (question) => ok(await at.timekeeper.idle(question))),
}
