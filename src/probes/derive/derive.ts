import type { Document } from '../../environment/schema.ts'
import type { Surroundings } from '../../environment/surroundings.ts'
import type { Probe } from '../probe.ts'
import { agents } from './agents.ts'
import { endpoints } from './endpoints.ts'
import { facts } from './facts.ts'
import { gateway } from './gateway.ts'
import { ground } from './ground.ts'
import { isolation } from './isolation.ts'
import { models } from './models.ts'
import { names } from './names.ts'
import { roles } from './roles.ts'
import { tokens } from './tokens.ts'

/**
 * Every probe an environment needs, from its document alone: what must work and what must not, in the order of the layers. Pure; ids are stable
 * from one derivation to the next and unique. What the installation has no identity for is not asked, and `coverage` says so.
 */
export function derive(document: Document, surroundings: Surroundings): Probe[] {
  const on = ground(document, surroundings)
  const all = [facts, isolation, names, endpoints, tokens, gateway, roles, models, agents].flatMap((part) =>
    part(on),
  )
  const asked = new Set(all.map(({ id }) => id))
  // A need that this environment has no probe for (a model that only does batches, say) holds nobody up.
  return all.map((probe) => ({ ...probe, needs: probe.needs.filter((id) => asked.has(id)) }))
}
