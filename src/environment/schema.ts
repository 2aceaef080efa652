import * as z from 'zod'
import { Data, Foundry } from './foundry-schema.ts'
import { Gateway } from './gateway-schema.ts'
import {
  cidr,
  environmentName,
  interval,
  location,
  networkName,
  objectId,
  resourceGroupName,
  resourceKey,
  tagName,
  tagValue,
  virtualNetworkName,
  zoneId,
  zoneName,
} from './words.ts'

/**
 * The environment document: the one thing an operator writes. Unknown keys are refused, so that a misspelt field is an
 * error and never a silent default. Every field with its reason: docs/document.md.
 */

const Network = z.strictObject({
  vnet: z.union([
    z.strictObject({ existing: virtualNetworkName }),
    z.strictObject({ name: virtualNetworkName, addressSpace: cidr }),
  ]),
  subnets: z.strictObject({ apim: cidr, privateEndpoints: cidr }),
  /** The agents' part of the network: the Foundry agents' own subnet beside the one that carries this app. */
  agents: z
    .strictObject({ block: cidr, subnet: cidr, ops: z.strictObject({ existing: networkName }) })
    .optional(),
  /** Whose a private DNS zone is: `existing` in this resource group, or anywhere by id; what is not named here is made. */
  dns: z
    .record(zoneName, z.union([z.enum(['existing', 'managed']), z.strictObject({ existing: zoneId })]))
    .default({}),
})

export const Document = z.strictObject({
  name: environmentName,
  /** `observe` never writes, `repair` changes only what there is, `full` also makes what is missing. */
  mode: z.enum(['observe', 'repair', 'full']).default('full'),
  location,
  /** The home made by infra: it must exist, and be one of the groups the app may manage (setting OPS_RESOURCE_GROUPS). */
  resourceGroup: resourceGroupName,
  /** Put on every resource the service makes; tags of others are kept. */
  tags: z.record(tagName, tagValue).default({}),
  network: Network,
  gateway: Gateway,
  foundry: Foundry.prefault({}),
  data: Data.prefault({}),
  /** Who may call the models and use the data: the minimum of roles, and nothing more (docs/roles.md). */
  access: z
    .array(
      z.strictObject({
        principal: objectId,
        type: z.enum(['User', 'Group', 'ServicePrincipal']),
        as: z.enum(['responsesUser']),
      }),
    )
    .max(50)
    .default([]),
  /** How often: the network costs nothing, a model call costs tokens, an agent run costs minutes. */
  probes: z
    .strictObject({
      network: interval.default('60s'),
      models: interval.default('5m'),
      agents: interval.default('15m'),
    })
    .prefault({}),
  /** Which resources a removal leaves unless told otherwise, and only a person has made again; what is not named: by kind. */
  protect: z.record(resourceKey, z.boolean()).optional(),
  repair: z
    .strictObject({
      /** Classes of drift put back without asking. Nothing by itself; whatever can hurt is never automatic. */
      auto: z.array(z.enum(['safe'])).default([]),
      /** Automatic repairs per hour: more than this is no drift but a quarrel with another owner. */
      budgetPerHour: z.int().min(0).max(100).default(5),
    })
    .prefault({}),
})

/** A valid environment document, defaults filled in. */
export type Document = z.output<typeof Document>
