import type { Agenda } from '../agenda.ts'
import type { Clock } from '../clock.ts'
import type { Draw } from '../draw.ts'
import type { Lifecycle, Temper } from '../lifecycles/temper.ts'
import type { World } from '../world.ts'
import { announceIdentity } from './identities.ts'
import { keyOf, parentOf } from './ids.ts'
import type { Kind, Provider, Reference, Resource, Verb } from './kind.ts'

export type Referrer = { resource: Resource; reference: Reference }

/** What providers and engine stand on: the world and the questions one asks of it. */
export type Azure = {
  tenantId: string
  subscriptionId: string
  world: World
  clock: Clock
  agenda: Agenda
  draw: Draw
  temper: Temper
  providers: Provider[]
  kind(type: string): Kind | undefined
  find(id: string): Resource | undefined
  /** Everything under an id, at any depth. */
  under(id: string): Resource[]
  children(id: string, type: string): Resource[]
  all(type: string): Resource[]
  referrers(id: string): Referrer[]
  keep(resource: Resource): Resource
  erase(id: string): void
  lifecycle(type: string, verb: Verb): Lifecycle | undefined
  /** A wait that belongs to no operation: temper.delays says how long, the draw how long this time. */
  delayMs(wait: string, ...purpose: (string | number)[]): number
  /** Counts: 1 for the first time something is tried. */
  attempt(of: string): number
}

type Foundation = Pick<
  Azure,
  'tenantId' | 'subscriptionId' | 'world' | 'clock' | 'agenda' | 'draw' | 'temper' | 'providers'
>

export function createAzure(foundation: Foundation): Azure {
  const { world, clock, providers, temper } = foundation
  const kinds = new Map(
    providers.flatMap(({ kinds }) => kinds).map((kind) => [keyOf(kind.type), kind] as const),
  )
  const { resources } = world
  const all = (type: string) =>
    [...resources.values()].filter((resource) => keyOf(resource.type) === keyOf(type))
  const under = (id: string) => {
    const prefix = `${keyOf(id)}/`
    return [...resources.entries()].filter(([key]) => key.startsWith(prefix)).map(([, resource]) => resource)
  }
  const find = (id: string) => resources.get(keyOf(id))

  /** A child's change is a change of what its parent shows. */
  const touch = (id: string) => {
    const resource = find(id)
    if (resource) resources.put(keyOf(id), { ...resource, revision: resource.revision + 1 })
  }

  const shownByParent = ({ type }: Resource) => {
    const kind = kinds.get(keyOf(type))
    return !kind?.apart && !kind?.extension
  }

  const azure: Azure = {
    ...foundation,
    kind: (type) => kinds.get(keyOf(type)),
    find,
    under,
    all,
    children: (id, type) =>
      under(id).filter(
        (child) => keyOf(child.type) === keyOf(type) && keyOf(parentOf(child.id)) === keyOf(id),
      ),
    referrers: (id) => {
      const key = keyOf(id)
      const found: Referrer[] = []
      for (const resource of resources.values()) {
        const references = azure.kind(resource.type)?.references?.(resource, clock.now(), azure) ?? []
        for (const reference of references)
          if (keyOf(reference.to) === key) found.push({ resource, reference })
      }
      return found
    },
    keep: (resource) => {
      const kept = { ...resource, revision: (find(resource.id)?.revision ?? 0) + 1 }
      resources.put(keyOf(resource.id), kept)
      if (shownByParent(resource)) touch(parentOf(resource.id))
      announceIdentity(kept, azure)
      return kept
    },
    erase: (id) => {
      for (const child of under(id)) resources.delete(keyOf(child.id))
      const resource = find(id)
      if (!resource) return
      resources.delete(keyOf(id))
      if (shownByParent(resource)) touch(parentOf(id))
      azure.kind(resource.type)?.gone?.(resource, azure)
    },
    lifecycle: (type, verb) =>
      temper.lifecycles.find((lifecycle) => keyOf(lifecycle.of) === keyOf(type) && lifecycle.verb === verb),
    delayMs: (wait, ...purpose) =>
      Math.round(foundation.draw.between(temper.delays[wait] ?? [0, 0], 'delay', wait, ...purpose) * 1000),
    attempt: (of) => {
      const count = (world.attempts.get(keyOf(of)) ?? 0) + 1
      world.attempts.put(keyOf(of), count)
      return count
    },
  }
  return azure
}
