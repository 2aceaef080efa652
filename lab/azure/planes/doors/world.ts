import { show } from '../../arm/show.ts'
import { FaultRequest } from '../../faults.ts'
import { restore, Snapshot, snapshot } from '../../snapshot.ts'
import { clockState } from './clock.ts'
import { type Doors, ok, withBody } from './door.ts'

/** What there is, what was asked, what goes wrong. */
export const worldDoors: Doors = {
  'GET ': ({ about }) => ok(about()),
  'GET resources': ({ azure }) =>
    ok([...azure.world.resources.values()].map((resource) => show(resource, azure))),
  'GET journal': ({ journal, asked }) => ok(journal.since(Number(asked.url.searchParams.get('since') ?? 0))),
  'GET state': ({ store, clock }) => ok(snapshot(store, clock)),
  'POST state': (at) =>
    withBody(Snapshot, at, (given) => {
      restore(given, at.store, at.clock)
      return ok(clockState(at))
    }),
  'GET faults/*': ({ faults, rest }) => {
    if (!rest) return ok(faults.list())
    const fault = faults.list().find(({ id }) => id === rest)
    return fault ? ok(fault) : { status: 404 }
  },
  'POST faults': (at) =>
    withBody(FaultRequest, at, (request) => {
      const { id } = at.faults.add(request)
      at.store.commit()
      return { status: 201, body: { id } }
    }),
  'DELETE faults/*': ({ faults, store, rest }) => {
    const known = faults.remove(rest)
    store.commit()
    return { status: known ? 204 : 404 }
  },
}
