import * as z from 'zod'
import { hash } from '../src/environment/canonical.ts'
import { environmentName, resourceGroupName } from '../src/environment/words.ts'
import { placeFaults } from './document.ts'
import { problem } from './problem.ts'
import type { Handler } from './route.ts'

const Import = z.strictObject({
  resourceGroup: resourceGroupName,
  /** Of the environment; else as the gateway says, else after the group. */
  name: environmentName.optional(),
  /** Of the API Management service, where the group has several. */
  apim: z.string().min(1).max(50).optional(),
})

/** `POST /api/import` `{resourceGroup, name?, apim?}`: the document of what stands there, notes, and the document's plan. Writes nothing anywhere. */
export const importEnvironment: Handler = async ({ request, app }) => {
  const body = Import.safeParse(await request.json().catch(() => undefined))
  if (!body.success)
    return problem({
      status: 400,
      reason: 'invalid-import',
      detail:
        'Send {"resourceGroup": "…"}, and if need be "name" (2 to 24 lower-case letters, digits and hyphens) and "apim".',
    })
  const { resourceGroup, name, apim } = body.data
  const notOurs = placeFaults(resourceGroup, app.resourceGroups)
  if (notOurs.length > 0)
    return problem({
      status: 400,
      reason: 'unknown-resource-group',
      detail: `${resourceGroup} is not a resource group this app may look into.`,
      faults: notOurs,
    })
  const imported = await app.importGroup(resourceGroup, { name, apim })
  if ('faults' in imported)
    return problem({
      status: 409,
      reason: 'not-describable',
      detail: `No document can describe ${resourceGroup} as it stands.`,
      faults: imported.faults,
    })
  const { document, plan, ...rest } = imported
  if (!document || !plan) return { jsonBody: rest }
  return {
    jsonBody: {
      ...rest,
      document,
      plan: { environment: document.name, documentHash: hash(document), ...plan },
    },
  }
}
