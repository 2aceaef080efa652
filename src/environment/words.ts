import * as z from 'zod'

/** Names and words of a document. Name rules: azure-facts 13. */

/** A string that must satisfy `accepts`; the problem and the remedy are what the operator reads. */
const text = (accepts: RegExp, problem: string, remedy: string) =>
  z.string().refine((value) => accepts.test(value), { error: problem, params: { remedy } })

export const environmentName = text(
  /^[a-z][a-z0-9-]{0,22}[a-z0-9]$/,
  'is not a valid environment name',
  'use 2 to 24 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen',
)
export const resourceGroupName = text(
  /^(?!.*\.$)[\w().-]{1,90}$/,
  'is not a valid resource group name',
  'use 1 to 90 letters, digits, _ ( ) - . and do not end with a full stop',
)
export const networkName = text(
  /^[A-Za-z0-9](?:[\w.-]{0,78}\w)?$/,
  'is not a valid network resource name',
  'use up to 80 letters, digits, _ . - beginning with a letter or digit and ending with a letter, digit or _',
)
export const virtualNetworkName = text(
  /^[A-Za-z0-9](?:[\w.-]{0,62}\w)$/,
  'is not a valid virtual network name',
  'use 2 to 64 letters, digits, _ . - beginning with a letter or digit and ending with a letter, digit or _',
)
export const apimName = text(
  /^[A-Za-z](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/,
  'is not a valid API Management name',
  'use 1 to 50 letters, digits and hyphens, beginning with a letter and ending with a letter or digit',
)
export const accountName = text(
  // Stricter than Azure, which allows _ and . too: the name is also the account's subdomain, and that allows neither.
  /^[A-Za-z0-9][A-Za-z0-9-]{0,62}[A-Za-z0-9]$/,
  'is not a valid Foundry account name',
  'use 2 to 64 letters, digits and hyphens, beginning and ending with a letter or digit: it is its subdomain too',
)
export const projectName = text(
  /^[A-Za-z0-9][\w.-]{1,63}$/,
  'is not a valid project name',
  'use 2 to 64 letters, digits, _ . - beginning with a letter or digit',
)
export const deploymentName = text(
  /^[A-Za-z0-9][\w.-]{1,63}$/,
  'is not a valid deployment name',
  'use 2 to 64 letters, digits, _ . - beginning with a letter or digit',
)
export const modelName = text(
  /^[A-Za-z0-9][\w.-]{1,63}$/,
  'is not a model name',
  'write it as Azure lists it, such as gpt-4o',
)
export const modelVersion = text(
  /^\w[\w.-]{0,39}$/,
  'is not a model version',
  'write it in quotes as Azure lists it, such as "2024-11-20"',
)
export const poolName = text(
  // No --: that is how backends are named, which live beside pools.
  /^(?!.*--)[a-z0-9][a-z0-9.-]{0,58}[a-z0-9]$/,
  'is not a valid pool name',
  'use 2 to 60 lower-case letters, digits, . and single hyphens, beginning and ending with a letter or digit',
)
export const apiPath = text(
  /^(?!(?:probe|agents)(?:\/|$))[A-Za-z0-9](?:[\w.-]|\/(?!\/)){0,198}(?<!\/)$/,
  'is not a valid path of an API',
  'use letters, digits, _ . - and single slashes within, not beginning with probe/ or agents/, such as openai',
)
export const storageName = text(
  /^[a-z0-9]{3,24}$/,
  'is not a valid storage account name',
  'use 3 to 24 lower-case letters and digits',
)
export const searchName = text(
  /^(?=.{2,60}$)[a-z0-9][a-z0-9]+(?:-[a-z0-9]+)*$/,
  'is not a valid search service name',
  'use 2 to 60 lower-case letters, digits and single hyphens, the first two no hyphens and the last none',
)
export const cosmosName = text(
  /^(?=.{3,44}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
  'is not a valid Cosmos DB account name',
  'use 3 to 44 lower-case letters, digits and single hyphens within',
)
export const keyVaultName = text(
  /^(?=.{3,24}$)[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*$/,
  'is not a valid key vault name',
  'use 3 to 24 letters, digits and single hyphens, beginning with a letter and ending with a letter or digit',
)
export const zoneName = text(
  /^(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}$/,
  'is not a private DNS zone name',
  'write the zone as Azure names it, in lower case, such as privatelink.blob.core.windows.net',
)
export const zoneId = text(
  /^\/subscriptions\/[\w-]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/privateDnsZones\/[^/]+$/i,
  'is not the id of a private DNS zone',
  'copy it from the zone’s properties: /subscriptions/…/privateDnsZones/{zone}',
)
export const location = text(
  /^[a-z][a-z0-9]{2,30}$/,
  'is not a location',
  'use the short form, lower case and without spaces, such as eastus or westeurope',
)
export const cidr = text(
  // No leading zeros: some read them as octal, and then it is another range.
  /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})\/(?:0|[1-9]\d?)$/,
  'is not an IPv4 range',
  'write it as address/prefix without leading zeros, such as 192.168.1.0/27',
)
export const email = text(
  /^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$/,
  'is not an e-mail address',
  'write it as name@domain; API Management sends its notices there',
)
export const objectId = text(
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  'is not an object id',
  'write the GUID of the user, group or service principal in Entra ID, not its name or application id',
)
export const resourceKey = text(
  /^[a-z]+(?:-[a-z]+)*\/\S{1,300}$/,
  'is not the key of a resource',
  'write kind/name as conditions and steps show it, such as pool/gpt-4o',
)
export const interval = text(
  /^[1-9]\d{0,3}(?:s|m|h)$/,
  'is not an interval',
  'write a number and s, m or h, such as 60s or 5m',
)
export const tagName = text(
  /^[^<>%&\\?/]{1,512}$/,
  'is not a valid tag name',
  'avoid < > % & \\ ? / and keep it under 513 characters',
)
export const tagValue = text(/^[\s\S]{0,256}$/, 'is too long for a tag value', 'keep it under 257 characters')
