import { textAt } from '../environment/raw.ts'
import type { Check, Said, Subject } from './check.ts'
import { inWorld } from './check.ts'
import { listed } from './facts.ts'
import { ask } from './questions.ts'
import { isSameName } from './words.ts'

/** Resource providers, which a subscription must have registered before it is served (azure-facts 1.1). */

/** What Foundry's agents need behind the scenes. */
const agentProviders = ['Microsoft.App', 'Microsoft.ContainerService', 'Microsoft.MachineLearningServices']

/** Providers of the resources, read off their ids. An extension belongs to the last provider in its id. */
const providersOf = ({ resources }: Subject): string[] => [
  ...new Set(
    resources
      .filter(({ existing }) => !existing)
      .flatMap(({ id }) => /.*\/providers\/([^/]+)/.exec(id)?.[1] ?? [])
      // Cannot be unregistered, and some subscriptions do not list it.
      .filter((namespace) => namespace !== 'Microsoft.Authorization'),
  ),
]

const unregistered = (it: Subject, namespaces: string[]): Said[] =>
  listed(it.facts, ask.providers(it), (known) =>
    namespaces.flatMap((namespace): Said[] => {
      const provider = known.find((one) => isSameName(textAt(one, 'namespace') ?? '', namespace))
      if (!provider) return [{ about: namespace, unread: 'the subscription does not list it' }]
      const state = textAt(provider, 'registrationState') ?? 'NotRegistered'
      return state === 'Registered'
        ? []
        : [
            inWorld(
              namespace,
              `is ${state}`,
              state === 'Registering'
                ? 'wait a few minutes'
                : `register it: az provider register --namespace ${namespace}`,
            ),
          ]
    }),
  )

export const providerRules: Check[] = [
  {
    code: 'PRV-001',
    title: 'the resource providers of everything in the document are registered',
    why: 'Azure refuses resources of a provider the subscription has not registered (MissingSubscriptionRegistration).',
    remedy: 'register the provider and wait a few minutes',
    severity: 'FAIL',
    run: (it) => unregistered(it, providersOf(it)),
  },
  {
    code: 'PRV-002',
    title: 'the resource providers that agents stand on are registered',
    why: 'Foundry runs agents on container apps of its own; without these providers the capability host fails after minutes.',
    remedy: 'register the provider and wait a few minutes',
    severity: 'FAIL',
    run: (it) =>
      it.document.foundry.accounts.some(({ agents, existing }) => agents && !existing)
        ? unregistered(it, agentProviders)
        : [],
  },
]
