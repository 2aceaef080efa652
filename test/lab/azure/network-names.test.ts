import { expect, test } from 'vitest'
import { type NetworkWorld, openNetworkWorld } from './network-world.ts'

/** `name → alias → 192.168.2.5`, or the outcome: how the name resolves in the home's network or from the internet. */
function story({ network, networkId }: NetworkWorld, name: string, from: 'network' | 'internet') {
  const { answers, outcome } = network.resolve(name, from === 'network' ? networkId : from)
  const last = outcome === 'found' ? [] : [outcome]
  return [name, ...answers.map(({ data }) => data), ...last].join(' → ')
}

const PUBLIC = String.raw`240\.\d+\.\d+\.\d+`

type Case = {
  name: string
  why: string
  change?: (world: NetworkWorld) => void
  asked: string
  from?: 'internet'
  want: RegExp
}

const cases: Case[] = [
  {
    name: 'an account with a private endpoint is found at its private address',
    why: 'azure-facts 2.1: the public name is an alias of the private link, which the linked zone answers',
    asked: 'contoso-eus.openai.azure.com',
    want: /^contoso-eus.openai.azure.com → contoso-eus.privatelink.openai.azure.com → 192\.168\.2\.\d+$/,
  },
  {
    name: 'each of the three names of an account has an address of its own',
    why: 'azure-facts 2.1: one group, three zones',
    asked: 'contoso-eus.services.ai.azure.com',
    want: /→ contoso-eus.privatelink.services.ai.azure.com → 192\.168\.2\.\d+$/,
  },
  {
    name: 'from the internet the same name ends at a public address',
    why: 'the internet knows no private zones',
    asked: 'contoso-eus.openai.azure.com',
    from: 'internet',
    want: RegExp(`→ contoso-eus.privatelink.openai.azure.com → ${PUBLIC}$`),
  },
  {
    name: 'an account without an endpoint has no alias, inside the network either',
    why: 'the zone of private links is asked only for aliases, so linking it hides nobody who has no endpoint',
    asked: 'contoso-open.openai.azure.com',
    want: RegExp(`^contoso-open.openai.azure.com → ${PUBLIC}$`),
  },
  {
    name: 'an endpoint without a zone group leaves a hole in the linked zone',
    why: 'azure-facts 2.1: NXDOMAIN for accounts whose endpoint has no record in the zone',
    change: ({ endpoint, at }) =>
      endpoint('pe-shut', at('CognitiveServices/accounts/contoso-shut'), 'account', []),
    asked: 'contoso-shut.openai.azure.com',
    want: /→ contoso-shut.privatelink.openai.azure.com → missing$/,
  },
  {
    name: 'a link with NxDomainRedirect falls back to the public address',
    why: 'azure-facts 2.1: the fallback to the internet is a property of the link',
    change: ({ azure, at, endpoint, zone }) => {
      endpoint('pe-shut', at('CognitiveServices/accounts/contoso-shut'), 'account', [])
      azure.erase(`${zone('privatelink.openai.azure.com')}/virtualNetworkLinks/vnet-contoso-ai`)
      zone('privatelink.openai.azure.com', { link: { resolutionPolicy: 'NxDomainRedirect' } })
    },
    asked: 'contoso-shut.openai.azure.com',
    want: RegExp(`→ contoso-shut.privatelink.openai.azure.com → ${PUBLIC}$`),
  },
  {
    name: 'without a link the private zone does not count',
    why: 'a zone answers only for networks it is linked to: the name resolves publicly and is refused there',
    change: ({ azure, zone }) =>
      azure.erase(`${zone('privatelink.openai.azure.com')}/virtualNetworkLinks/vnet-contoso-ai`),
    asked: 'contoso-eus.openai.azure.com',
    want: RegExp(`→ contoso-eus.privatelink.openai.azure.com → ${PUBLIC}$`),
  },
  {
    name: 'an internal gateway is found by the record somebody made',
    why: 'azure-facts 2.2: none of its names is in public DNS',
    asked: 'contoso-apim.azure-api.net',
    want: /^contoso-apim.azure-api.net → 192\.168\.1\.\d+$/,
  },
  {
    name: 'an internal gateway has no public name',
    why: 'azure-facts 2.2',
    asked: 'contoso-apim.azure-api.net',
    from: 'internet',
    want: /→ missing$/,
  },
  {
    name: 'a zone for one host leaves the names beside it alone, and names below it do not exist',
    why: 'the longest zone answers, also when it does not know the name',
    asked: 'contoso-apim.management.azure-api.net',
    want: /→ missing$/,
  },
  {
    name: 'a zone as wide as azure-api.net hides what it does not list',
    why: 'azure-facts 2.2: option (a) hides every other host from the network',
    change: ({ azure, at, zone, record, gatewayAddress, put }) => {
      azure.erase(zone('contoso-apim.azure-api.net', { linked: false }))
      record(zone('azure-api.net'), 'contoso-apim', gatewayAddress)
      put(
        at('ApiManagement/service/contoso-outside'),
        { publisherName: 'Contoso', publisherEmail: 'ops@contoso.example' },
        { location: 'East US', sku: { name: 'Developer', capacity: 1 } },
      )
    },
    asked: 'contoso-outside.azure-api.net',
    want: /→ missing$/,
  },
  {
    name: 'the apex of a zone without a record is there and has no address',
    why: 'NODATA and NXDOMAIN are told apart: the SOA stands at the apex',
    asked: 'privatelink.openai.azure.com',
    want: /→ empty$/,
  },
  {
    name: 'a wildcard record answers for what is not listed',
    why: 'record sets may be named *',
    change: ({ zone, record }) => record(zone('corp.example'), '*', '192.168.9.9'),
    asked: 'anything.corp.example',
    want: /→ 192\.168\.9\.9$/,
  },
  {
    name: 'what was deleted has no name',
    why: 'deleting frees the label; a soft-deleted account does not answer',
    change: ({ azure, at }) => azure.erase(at('CognitiveServices/accounts/contoso-open')),
    asked: 'contoso-open.openai.azure.com',
    from: 'internet',
    want: /→ missing$/,
  },
  {
    name: 'a removed endpoint takes its records and the alias with it',
    why: 'the name is public again, and refused there',
    change: ({ azure, at }) => azure.erase(at('Network/privateEndpoints/pe-eus')),
    asked: 'contoso-eus.openai.azure.com',
    want: RegExp(`^contoso-eus.openai.azure.com → ${PUBLIC}$`),
  },
  {
    name: 'Entra has a name in every network',
    why: 'tokens are fetched from it',
    asked: 'login.microsoftonline.com',
    want: RegExp(`→ ${PUBLIC}$`),
  },
]

for (const { name, why, change, asked, from, want } of cases)
  test(name, async () => {
    const world = await openNetworkWorld()
    change?.(world)
    expect(story(world, asked, from ?? 'network'), why).toMatch(want)
  })
