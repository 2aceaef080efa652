import { readFileSync } from 'node:fs'
import { expand } from '../../src/environment/expand.ts'
import { parse } from '../../src/environment/parse.ts'
import type { Surroundings } from '../../src/environment/surroundings.ts'
import type { Resource } from '../../src/resources/kind.ts'

const group = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-contoso-ops/providers'

/** An installation with everything. */
export const everything: Surroundings = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  gatewaySuffix: 'azure-api.net',
  tenantId: '00000000-0000-4000-8000-00000000000a',
  actionGroupId: `${group}/Microsoft.Insights/actionGroups/ag-ops`,
  workspaceId: `${group}/Microsoft.OperationalInsights/workspaces/log-ops`,
  eventHub: {
    id: `${group}/Microsoft.EventHub/namespaces/evh-ops/eventhubs/attempts`,
    namespace: 'evh-ops',
    hub: 'attempts',
  },
  probeIdentities: {
    probe: {
      principalId: '00000000-0000-4000-8000-0000000000b1',
      clientId: '00000000-0000-4000-8000-0000000000c1',
    },
    nobody: {
      principalId: '00000000-0000-4000-8000-0000000000b2',
      clientId: '00000000-0000-4000-8000-0000000000c2',
    },
  },
}

/** The resources of an example document, with parts of its text replaced. */
export function expanded(
  example: 'small' | 'contoso' | 'two-regions',
  replacements: [from: string | RegExp, to: string][] = [],
  surroundings: Surroundings = everything,
): Resource[] {
  const text = replacements.reduce(
    (document, [from, to]) => {
      const changed = document.replace(from, to)
      if (changed === document) throw new Error(`the example has no ${from}`)
      return changed
    },
    readFileSync(`examples/${example}.yaml`, 'utf8'),
  )
  const parsed = parse(text, 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return expand(parsed.document, surroundings)
}

export const named = (resources: Resource[], key: string): Resource => {
  const found = resources.find((resource) => resource.key === key)
  if (!found) throw new Error(`no ${key}`)
  return found
}
