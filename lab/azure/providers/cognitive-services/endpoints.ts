import { nameOf } from '../../arm/ids.ts'
import type { PrivateName, Resource } from '../../arm/kind.ts'
import type { Account } from './account-shape.ts'

const SUFFIXES = {
  cognitive: 'cognitiveservices.azure.com',
  openAi: 'openai.azure.com',
  foundry: 'services.ai.azure.com',
}

/** Without a subdomain of its own an account answers at its region's address, where Entra tokens open nothing. */
export function endpointsOf({ properties, location }: Resource<Account>) {
  const name = properties.customSubDomainName?.toLowerCase()
  if (!name) {
    const endpoint = `https://${location}.api.cognitive.microsoft.com/`
    return { endpoint, endpoints: { 'Cognitive Services': endpoint } }
  }
  const at = (suffix: string) => `https://${name}.${suffix}/`
  return {
    endpoint: at(SUFFIXES.cognitive),
    endpoints: {
      'AI Foundry API': at(SUFFIXES.foundry),
      'Azure AI Model Inference API': at(SUFFIXES.foundry),
      'OpenAI Language Model Instance API': at(SUFFIXES.openAi),
      'OpenAI Dall-E API': at(SUFFIXES.openAi),
      'Content Safety': at(SUFFIXES.cognitive),
      FormRecognizer: at(SUFFIXES.cognitive),
      Language: at(SUFFIXES.cognitive),
    },
  }
}

/** azure-facts 2.1: one group, three names, three zones. */
export function privateNamesOf({ id, properties }: Resource<Account>): PrivateName[] {
  const name = (properties.customSubDomainName ?? nameOf(id)).toLowerCase()
  const members = { default: SUFFIXES.cognitive, secondary: SUFFIXES.openAi, third: SUFFIXES.foundry }
  return Object.entries(members).map(([member, suffix]) => ({
    member,
    fqdn: `${name}.${suffix}`,
    zone: `privatelink.${suffix}`,
  }))
}
