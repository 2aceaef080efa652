import type { Asked } from '../exchange.ts'
import { clockDoors } from './doors/clock.ts'
import { type Answer, type Doors, type LabDoors, refused } from './doors/door.ts'
import { eventDoors } from './doors/events.ts'
import { keyDoors } from './doors/keys.ts'
import { trafficDoors } from './doors/traffic.ts'
import { worldDoors } from './doors/world.ts'

const doors: Doors = { ...worldDoors, ...clockDoors, ...keyDoors, ...eventDoors, ...trafficDoors }

/** The lab's own doors, /_lab/…: no token, no journal, not a call in flight. lab/README.md is their contract. */
export async function labPlane(asked: Asked, labDoors: LabDoors): Promise<Answer> {
  const path = asked.url.pathname.replace(/^\/_lab\/?/, '').replace(/\/$/, '')
  const [first = '', ...rest] = path.split('/')
  const open = doors[`${asked.method} ${path}`] ?? doors[`${asked.method} ${first}/*`]
  if (!open) return refused(404, `the lab has no door ${asked.method} /_lab/${path}`)
  return open({ ...labDoors, ...labDoors.simulation, asked, rest: rest.join('/') })
}
