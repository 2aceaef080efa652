import { textAt } from '../environment/raw.ts'
import type { Check, Said, Subject } from './check.ts'
import { inWorld } from './check.ts'
import { agentProviders, providersOf, runsAgents } from './declared.ts'
import { told } from './facts.ts'
import { ask } from './questions.ts'

/** Resource providers, which a subscription must have registered before it is served (azure-facts 1.1). */

const unregistered = (it: Subject, namespaces: string[]): Said[] =>
  namespaces.flatMap((namespace) =>
    told(it.facts, ask.provider(it, namespace), (provider) => {
      const state = textAt(provider, 'registrationState') ?? 'NotRegistered'
      if (state === 'Registered') return []
      const remedy =
        state === 'Registering'
          ? 'wait a few minutes'
          : `register it: az provider register --namespace ${namespace}`
      return [inWorld(namespace, `is ${state}`, remedy)]
    }),
  )

export const providerRules: Check[] = [
  {
    code: 'PRV-001',
    title: 'the resource providers of everything in the document are registered',
    why: 'Azure refuses resources of a provider the subscription has not registered (MissingSubscriptionRegistration).',
    remedy: 'register the provider and wait a few minutes',
    severity: 'FAIL',
    run: (it) => unregistered(it, providersOf(it.resources)),
  },
  {
    code: 'PRV-002',
    title: 'the resource providers that agents stand on are registered',
    why: 'Foundry runs agents on container apps of its own; without these providers the capability host fails after minutes.',
    remedy: 'register the provider and wait a few minutes',
    severity: 'FAIL',
    run: (it) => (runsAgents(it.document) ? unregistered(it, agentProviders) : []),
  },
]
