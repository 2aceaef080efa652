import * as z from 'zod'

/**
 * The environment document: the one thing an operator writes. Unknown keys are refused, so that a misspelt field is an
 * error and never a silent default. Name rules: azure-facts 13 (Azure naming rules reference).
 */

/** A string that must satisfy `accepts`; the problem and the remedy are what the operator reads. */
const text = (accepts: RegExp, problem: string, remedy: string) =>
  z.string().refine((value) => accepts.test(value), { error: problem, params: { remedy } })

const environmentName = text(
  /^[a-z][a-z0-9-]{0,22}[a-z0-9]$/,
  'is not a valid environment name',
  'use 2 to 24 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen',
)
const resourceGroupName = text(
  /^(?!.*\.$)[\w().-]{1,90}$/,
  'is not a valid resource group name',
  'use 1 to 90 letters, digits, _ ( ) - . and do not end with a full stop',
)
const networkName = text(
  /^[A-Za-z0-9](?:[\w.-]{0,78}\w)?$/,
  'is not a valid network resource name',
  'use up to 80 letters, digits, _ . - beginning with a letter or digit and ending with a letter, digit or _',
)
const virtualNetworkName = text(
  /^[A-Za-z0-9](?:[\w.-]{0,62}\w)$/,
  'is not a valid virtual network name',
  'use 2 to 64 letters, digits, _ . - beginning with a letter or digit and ending with a letter, digit or _',
)
const apimName = text(
  /^[A-Za-z](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/,
  'is not a valid API Management name',
  'use 1 to 50 letters, digits and hyphens, beginning with a letter and ending with a letter or digit',
)
const location = text(
  /^[a-z][a-z0-9]{2,30}$/,
  'is not a location',
  'use the short form, lower case and without spaces, such as eastus or westeurope',
)
const cidr = text(
  /^(?:\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/,
  'is not an IPv4 range',
  'write it as address/prefix, such as 192.168.1.0/27',
)
const email = text(
  /^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$/,
  'is not an e-mail address',
  'write it as name@domain; API Management sends its notices there',
)
const tagName = text(
  /^[^<>%&\\?/]{1,512}$/,
  'is not a valid tag name',
  'avoid < > % & \\ ? / and keep it under 513 characters',
)
const tagValue = text(/^[\s\S]{0,256}$/, 'is too long for a tag value', 'keep it under 257 characters')

export const Document = z.strictObject({
  name: environmentName,
  location,
  /** The home made by infra: it must exist, and be one of the groups the app may manage (setting OPS_RESOURCE_GROUPS). */
  resourceGroup: resourceGroupName,
  /** Put on every resource the service makes; tags of others are kept. */
  tags: z.record(tagName, tagValue).default({}),
  network: z.strictObject({
    vnet: z.union([
      z.strictObject({ existing: virtualNetworkName }),
      z.strictObject({ name: virtualNetworkName, addressSpace: cidr }),
    ]),
    subnets: z.strictObject({ apim: cidr, privateEndpoints: cidr }),
    /** The agents' part of the network: the Foundry agents' own subnet beside the one that carries this app. */
    agents: z
      .strictObject({ block: cidr, subnet: cidr, ops: z.strictObject({ existing: networkName }) })
      .optional(),
  }),
  gateway: z.strictObject({
    apim: z.strictObject({
      name: apimName,
      /** Only these two can be injected into a virtual network in internal mode (azure-facts 3.2). */
      sku: z.enum(['Developer', 'Premium']),
      /** Scale units; Developer has exactly one. */
      units: z.int().min(1).max(31).default(1),
      publisher: z.strictObject({ name: z.string().min(1).max(100), email: email }),
    }),
  }),
})

/** A valid environment document, defaults filled in. */
export type Document = z.output<typeof Document>
