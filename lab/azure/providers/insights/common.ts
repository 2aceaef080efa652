import { badRequest, type Fault, Refusal } from '../../arm/errors.ts'
import { groupIdOf, subscriptionOf } from '../../arm/ids.ts'
import type { Asynchrony, Kind } from '../../arm/kind.ts'

/** Nothing in Microsoft.Insights takes time, and all of it answers 200, made or changed. */
const asynchrony: Asynchrony = {
  create: 200,
  headers: [],
  retryAfterSeconds: 10,
  status: ({ id }) => `${groupIdOf(id) ?? `/subscriptions/${subscriptionOf(id)}`}/operationStatuses`,
  result: ({ id }) => `${groupIdOf(id) ?? `/subscriptions/${subscriptionOf(id)}`}/operationResults`,
}

export const INSIGHTS = {
  methods: ['PUT', 'PATCH', 'DELETE'],
  region: 'global',
  readOnly: [],
  etag: 'header',
  stateless: true,
  asynchrony,
  busy: [],
  patched: 'merge',
  malformed: (faults: Fault[]) =>
    new Refusal(400, 'BadRequest', faults.map(({ target, message }) => `${target}: ${message}`).join(' ')),
} satisfies Partial<Kind>

export const unfit = (message: string) => badRequest('BadRequest', message)
