import type { Arm } from '../azure/arm.ts'
import { expand } from '../environment/expand.ts'
import type { Document } from '../environment/schema.ts'
import type { Surroundings } from '../environment/surroundings.ts'
import { observeAll } from '../operations/observe-all.ts'
import { coverage } from '../probes/coverage.ts'
import { derive } from '../probes/derive/derive.ts'
import { causes } from '../probes/diagnose/causes.ts'
import { alsoRead, toRead } from '../probes/diagnose/reading.ts'
import { ask } from '../probes/modules/index.ts'
import type { Credentials } from '../probes/tokens.ts'
import { openObserving, openTools, withReferred } from '../probes/tools.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { protection } from '../resources/protection.ts'
import { subnet } from '../resources/subnet.ts'
import type { Store } from '../store/store.ts'
import { openGlance } from './glance.ts'
import type { Probes, Seen } from './world.ts'

/** Of what subnets name and the home owns: security groups and route tables. */
const networkVersion = subnet.apiVersion

/** The real probes: derived from the document, asked from where this process stands, explained by reads of Azure. */
export function openProbes({
  arm,
  credentials,
  surroundings,
  store,
}: {
  store: Pick<Store, 'inventory'>
  arm: Arm
  credentials: Credentials
  surroundings: Surroundings
}): Probes {
  const toolsFor = remembered((document: Document) =>
    openTools({ arm, credentials, resources: expand(document, surroundings) }),
  )
  return {
    derive: remembered((document: Document) => derive(document, surroundings)),
    coverage: (document, probes) => coverage(document, surroundings, probes),
    ask: (document, probe, signal) => ask(probe, toolsFor(document), signal),
    glance(document, due) {
      const resources = expand(document, surroundings)
      const facts = due.flatMap((probe) => (probe.module === 'fact' ? probe.target.resource : []))
      const seen = openGlance(arm, withReferred(resources, facts))
      const tools = { ...toolsFor(document), observe: openObserving(seen, resources) }
      return {
        ask: (probe, signal) => ask(probe, tools, signal),
        look: (keys) => lookAt(seen, document, resources, keys),
      }
    },
  }

  async function lookAt(seen: Arm, document: Document, resources: Resource[], keys: string[]): Promise<Seen> {
    const bodies = new Map<string, JsonObject>()
    const observations = await observeAll(seen, toRead(resources, keys), bodies)
    for (const id of alsoRead(resources, bodies)) {
      const read = await seen.get(`${id}?api-version=${networkVersion}`)
      if ('status' in read && read.status === 200) bodies.set(id.toLowerCase(), read.body)
    }
    const protect = protection(document.protect, await store.inventory.list(document.name))
    const looked = { observations, bodies }
    return {
      ...looked,
      explain: (failing, muted) => causes(failing, muted, looked, { resources, protect }),
    }
  }
}

/** Remembers the last answer: a document is asked about many times in a row. */
function remembered<Value>(make: (document: Document) => Value): (document: Document) => Value {
  const known = new WeakMap<Document, Value>()
  return (document) => {
    const found = known.get(document) ?? make(document)
    known.set(document, found)
    return found
  }
}
