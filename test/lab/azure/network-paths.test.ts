import { expect, test } from 'vitest'
import { isUnreached, type Vantage } from '../../../lab/azure/data/call.ts'
import { deny, type NetworkWorld, openNetworkWorld } from './network-world.ts'

/** `private-endpoint`, `virtual-network` or `internet` when the connection comes about, else why not. */
function story({ network }: NetworkWorld, from: Vantage, host: string, port = 443) {
  const end = network.dial(from, host, port)
  return isUnreached(end) ? `${end.unreached}: ${end.because}` : String(end.fronts[0]?.arrival.by)
}

type Case = {
  name: string
  why: string
  change?: (world: NetworkWorld) => void
  from?: 'apim' | 'internet'
  to?: string
  port?: number
  want: RegExp
}

const ACCOUNT = 'contoso-eus.openai.azure.com'
const GATEWAY = 'contoso-apim.azure-api.net'
const allow = (priority: number, destination: string, more: object = {}) =>
  deny('Outbound', destination, { access: 'Allow', priority, ...more })

const endpointPolicies =
  (privateEndpointNetworkPolicies: string) =>
  ({ azure, subnet }: NetworkWorld) => {
    const found = azure.find(subnet('snet-endpoints'))
    if (found) azure.keep({ ...found, properties: { ...found.properties, privateEndpointNetworkPolicies } })
  }

const external = ({ azure, at }: NetworkWorld) => {
  const found = azure.find(at('ApiManagement/service/contoso-apim'))
  if (found) azure.keep({ ...found, properties: { ...found.properties, virtualNetworkType: 'External' } })
}

const cases: Case[] = [
  {
    name: 'the app reaches an account through its endpoint',
    why: 'AllowVnetOutBound',
    want: /^private-endpoint$/,
  },
  { name: 'the gateway does, too', why: 'azure-facts 1.4 #22', from: 'apim', want: /^private-endpoint$/ },
  {
    name: 'the app reaches the gateway at its private address',
    why: '#4',
    to: GATEWAY,
    want: /^virtual-network$/,
  },
  {
    name: 'from the internet a private account is reached at its public address, where it refuses',
    why: 'the network does not refuse; the service does',
    from: 'internet',
    want: /^internet$/,
  },
  {
    name: 'an internal gateway has no way in from the internet',
    why: '2.2',
    from: 'internet',
    to: GATEWAY,
    want: /^ENOTFOUND/,
  },
  {
    name: 'nobody comes from the internet to a private address',
    why: 'RFC 1918',
    from: 'internet',
    to: '192.168.2.4',
    want: /^ETIMEDOUT: .* private address/,
  },
  {
    name: 'an outbound rule of the source subnet cuts the path',
    why: 'rules are asked where a connection starts',
    change: ({ rule }) => rule('nsg-agents', 'NoEndpoints', deny('Outbound', '192.168.2.0/26')),
    want: /^ETIMEDOUT: rule NoEndpoints of nsg-agents \(outbound, priority 200\) denies 192\.168\.5\.4 → 192\.168\.2\.\d+:443$/,
  },
  {
    name: 'a rule of another subnet does not',
    why: 'a group speaks for the subnets it is attached to',
    change: ({ rule }) => rule('nsg-agents', 'NoEndpoints', deny('Outbound', '192.168.2.0/26')),
    from: 'apim',
    want: /^private-endpoint$/,
  },
  {
    name: 'the lowest priority number wins',
    why: 'the first rule that matches decides',
    change: ({ rule }) => {
      rule('nsg-agents', 'NoEndpoints', deny('Outbound', 'VirtualNetwork'))
      rule('nsg-agents', 'ButThese', allow(140, '192.168.2.0/26', { destinationPortRange: '400-500' }))
    },
    want: /^private-endpoint$/,
  },
  {
    name: 'a rule for other ports or for UDP is passed over',
    why: 'rules speak of protocol and port, too',
    change: ({ rule }) => {
      rule(
        'nsg-agents',
        'NoHttp',
        deny('Outbound', '*', {
          destinationPortRanges: ['80', '8000-8100'],
          destinationPortRange: undefined,
        }),
      )
      rule('nsg-agents', 'NoUdp', deny('Outbound', '*', { protocol: 'Udp', priority: 201 }))
    },
    want: /^private-endpoint$/,
  },
  {
    name: 'a rule without the port range of 443 in its list denies nothing, one with it does',
    why: 'lists of prefixes and ports',
    change: ({ rule }) =>
      rule(
        'nsg-agents',
        'NoTls',
        deny('Outbound', '192.168.2.0/26', {
          destinationAddressPrefix: undefined,
          destinationAddressPrefixes: ['10.0.0.0/8', '192.168.2.0/24'],
          destinationPortRange: undefined,
          destinationPortRanges: ['80', '443'],
        }),
      ),
    want: /^ETIMEDOUT: rule NoTls/,
  },
  {
    name: 'a rule for another source prefix is passed over',
    why: 'a caller has the first address of its subnet',
    change: ({ rule }) =>
      rule('nsg-agents', 'NoStrangers', deny('Outbound', '*', { sourceAddressPrefix: '192.168.4.0/24' })),
    want: /^private-endpoint$/,
  },
  {
    name: 'denying the Internet tag leaves private addresses alone',
    why: 'Internet is what is outside of the network',
    change: ({ rule }) => rule('nsg-agents', 'NoInternet', deny('Outbound', 'Internet')),
    want: /^private-endpoint$/,
  },
  {
    name: 'denying the Internet tag cuts public services off',
    why: 'Azure is the internet, unless a tag says otherwise first',
    change: ({ rule }) => rule('nsg-agents', 'NoInternet', deny('Outbound', 'Internet')),
    to: 'contoso-open.openai.azure.com',
    want: /^ETIMEDOUT: rule NoInternet/,
  },
  {
    name: 'a service tag allowed first keeps its service',
    why: 'the home allows AzureActiveDirectory at priority 100',
    change: ({ rule }) => rule('nsg-agents', 'NoInternet', deny('Outbound', 'Internet')),
    to: 'login.microsoftonline.com',
    want: /^internet$/,
  },
  {
    name: 'a regional tag holds its own region',
    why: 'azure-facts 1.4: regional tags',
    change: ({ rule }) => {
      rule('nsg-agents', 'East', allow(190, 'CognitiveServicesManagement.EastUS'))
      rule('nsg-agents', 'NoInternet', deny('Outbound', 'Internet'))
    },
    to: 'contoso-open.openai.azure.com',
    want: /^internet$/,
  },
  {
    name: 'and no other region',
    why: 'azure-facts 1.4: regional tags',
    change: ({ rule }) => {
      rule('nsg-agents', 'West', allow(190, 'CognitiveServicesManagement.WestUS'))
      rule('nsg-agents', 'NoInternet', deny('Outbound', 'Internet'))
    },
    to: 'contoso-open.openai.azure.com',
    want: /^ETIMEDOUT: rule NoInternet/,
  },
  {
    name: 'rules of the endpoints’ subnet are ignored by default',
    why: 'azure-facts 1.3: privateEndpointNetworkPolicies Disabled',
    change: ({ rule }) => rule('nsg-endpoints', 'Nobody', deny('Inbound', '*')),
    want: /^private-endpoint$/,
  },
  {
    name: 'and heeded where the subnet says so',
    why: 'azure-facts 1.3: NetworkSecurityGroupEnabled',
    change: (world) => {
      endpointPolicies('NetworkSecurityGroupEnabled')(world)
      world.rule('nsg-endpoints', 'Nobody', deny('Inbound', '*'))
    },
    want: /^ETIMEDOUT: rule Nobody of nsg-endpoints \(inbound/,
  },
  {
    name: 'rules of the gateway’s subnet are always asked',
    why: 'it stands in the subnet itself',
    change: ({ rule }) =>
      rule('nsg-apim', 'NoAgents', deny('Inbound', '*', { sourceAddressPrefix: '192.168.5.0/27' })),
    to: GATEWAY,
    want: /^ETIMEDOUT: rule NoAgents of nsg-apim/,
  },
  {
    name: 'a default route into an appliance swallows the internet',
    why: 'nobody is at the appliance',
    change: ({ route }) => route('all', '0.0.0.0/0', 'VirtualAppliance'),
    to: 'contoso-open.openai.azure.com',
    want: /^ETIMEDOUT: route all of rt-agents leads 240\.[\d.]+ to a virtual appliance/,
  },
  {
    name: 'a longer route to the internet saves a service from it',
    why: 'the longest prefix wins; a tag is its prefixes',
    change: ({ route }) => {
      route('all', '0.0.0.0/0', 'VirtualAppliance')
      route('models', 'CognitiveServicesManagement', 'Internet')
    },
    to: 'contoso-open.openai.azure.com',
    want: /^internet$/,
  },
  {
    name: 'the implicit /32 of an endpoint beats any route by default',
    why: 'azure-facts 1.3',
    change: ({ route }) => route('endpoints', '192.168.2.0/26', 'None'),
    want: /^private-endpoint$/,
  },
  {
    name: 'a route beats it where the subnet of the endpoint says so',
    why: 'azure-facts 1.3: RouteTableEnabled, and as specific as the network',
    change: (world) => {
      endpointPolicies('RouteTableEnabled')(world)
      world.route('endpoints', '192.168.2.0/26', 'None')
    },
    want: /^ETIMEDOUT: route endpoints of rt-agents leads 192\.168\.2\.\d+ to nowhere/,
  },
  {
    name: 'a route less specific than the network does not',
    why: 'azure-facts 1.3',
    change: (world) => {
      endpointPolicies('Enabled')(world)
      world.route('wide', '192.0.0.0/8', 'None')
    },
    want: /^private-endpoint$/,
  },
  {
    name: 'a route of the network’s own size beats the system’s towards the gateway',
    why: 'of equals the table wins',
    change: ({ route }) => route('inside', '192.168.0.0/16', 'None'),
    to: GATEWAY,
    want: /^ETIMEDOUT: route inside/,
  },
  {
    name: 'an address of the network where nothing is does not answer',
    why: 'Azure drops, it does not refuse',
    to: '192.168.9.9',
    want: /^ETIMEDOUT: nobody has the address/,
  },
  {
    name: 'a private address of no network has no route',
    why: 'the system routes drop RFC 1918',
    to: '10.1.2.3',
    change: ({ rule }) => rule('nsg-agents', 'Anywhere', allow(190, '*')),
    want: /^ETIMEDOUT: the system route for private addresses/,
  },
  {
    name: 'a port where nothing listens refuses',
    why: 'services listen on 443 alone',
    port: 8080,
    want: /^ECONNREFUSED: nothing listens on port 8080/,
  },
  {
    name: 'a record that points at nothing times out',
    why: 'DNS and paths are two layers: the name resolves',
    change: ({ zone, record }) => record(zone('privatelink.openai.azure.com'), 'contoso-eus', '192.168.2.60'),
    want: /^ETIMEDOUT: nobody has the address 192\.168\.2\.60/,
  },
  {
    name: 'an endpoint whose target was deleted does not answer',
    why: 'the connection is Disconnected; records and addresses stay',
    change: ({ azure, at, zone, record }) => {
      const [held] = azure.all('Microsoft.Network/networkInterfaces')
      expect(held).toBeDefined()
      azure.erase(at('CognitiveServices/accounts/contoso-eus'))
      record(zone('contoso-eus.openai.azure.com'), '@', '192.168.2.5')
    },
    want: /^ETIMEDOUT: the connection of .*pe-eus .* is not approved, or gone/,
  },
  {
    name: 'an external gateway lets the internet in only by a rule',
    why: 'azure-facts 1.4 #5: DenyAllInBound is the default',
    change: external,
    from: 'internet',
    to: GATEWAY,
    want: /^ETIMEDOUT: rule DenyAllInBound of nsg-apim/,
  },
  {
    name: 'and with the rule it does',
    why: 'azure-facts 1.4 #5',
    change: (world) => {
      external(world)
      world.rule('nsg-apim', 'AllowClients', {
        ...deny('Inbound', 'VirtualNetwork', { access: 'Allow', sourceAddressPrefix: 'Internet' }),
        destinationPortRange: '443',
      })
    },
    from: 'internet',
    to: GATEWAY,
    want: /^internet$/,
  },
]

for (const { name, why, change, from, to = ACCOUNT, port, want } of cases)
  test(name, async () => {
    const world = await openNetworkWorld()
    change?.(world)
    const vantage = from === 'internet' ? from : from === 'apim' ? world.apim : world.ops
    expect(story(world, vantage, to, port), why).toMatch(want)
  })

test('a subnet that is not there reaches nothing', async () => {
  const world = await openNetworkWorld()
  expect(story(world, { subnetId: world.subnet('snet-gone') }, ACCOUNT)).toMatch(
    /^ETIMEDOUT: there is no subnet/,
  )
})

test('what was remembered of a path is forgotten as soon as a rule changes, and comes back with it', async () => {
  const world = await openNetworkWorld()
  const paths = () => story(world, world.ops, ACCOUNT).replace(/:.*/, '')
  const id = world.at('Network/networkSecurityGroups/nsg-agents/securityRules/NoEndpoints')
  const seen = [paths()]
  world.put(id, deny('Outbound', '192.168.2.0/26'))
  seen.push(paths())
  world.azure.erase(id)
  seen.push(paths())
  world.store.commit()
  world.put(id, deny('Outbound', '192.168.2.0/26'))
  seen.push(paths())
  world.store.refuse()
  seen.push(paths())
  expect(seen).toEqual(['private-endpoint', 'ETIMEDOUT', 'private-endpoint', 'ETIMEDOUT', 'private-endpoint'])
})
