import type { Fault } from './fault.ts'
import type { Document } from './schema.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * What a document asks for and this installation cannot give: such a document is refused, before anything is stored, because the part left
 * out would look made. Pure.
 */
export const lacking = ({ gateway }: Document, { eventHub }: Surroundings): Fault[] =>
  gateway.api.logTo === 'eventHub' && eventHub === undefined
    ? [
        {
          path: 'gateway.api.logTo',
          problem: 'asks for an event hub, and this installation has none',
          remedy: 'set OPS_EVENT_HUB_ID in the app’s settings (docs/settings.md), or write none',
        },
      ]
    : []
