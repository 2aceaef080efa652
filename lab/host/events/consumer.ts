// One function on one hub: what it has been told of, what waits for it, and how far it has got.
import { isDisabled, withSettings } from '../settings.ts'
import type { LoadedFunction } from '../worker/contract.ts'
import type { HubEvent } from './batch.ts'
import type { Checkpoints } from './checkpoints.ts'

export interface Consumer {
  fn: LoadedFunction
  hub: string
  /** `{namespace}/{hub}`, by the settings of its connection; undefined: there are none, and it is fed by hand alone. */
  address: string | undefined
  /** Number of the newest event that was fetched; the checkpoint is the newest that was handed over. */
  fetched: number
  waiting: HubEvent[]
  fetching: boolean
  running: boolean
}

export const consumersOf = (functions: LoadedFunction[], checkpoints: Checkpoints): Consumer[] =>
  functions
    .filter((fn) => !isDisabled(fn))
    .map((fn) => {
      const hub = withSettings(String(fn.trigger['eventHubName']))
      const address = addressOf(fn, hub)
      const fetched = address ? checkpoints.read(fn.name, address) : 0
      return { fn, hub, address, fetched, waiting: [], fetching: false, running: false }
    })

/** By identity only: a connection string leads nowhere here. */
export const namespaceSetting = (fn: LoadedFunction) => `${fn.trigger['connection']}__fullyQualifiedNamespace`

function addressOf(fn: LoadedFunction, hub: string): string | undefined {
  const namespace = process.env[namespaceSetting(fn)]
  return namespace && `${namespace.split('.')[0]}/${hub}`.toLowerCase()
}
