import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { overlap, range, within } from '../../src/environment/ranges.ts'
import { environmentName } from '../../src/environment/words.ts'
import { nameAfter } from '../../src/import/name.ts'
import { coverOf, freeRange } from '../../src/import/range.ts'
import {
  account,
  accountId,
  delegated,
  describing,
  endpoint,
  id,
  network,
  refusal,
  service,
  standing,
  subnet,
  vnetId,
} from './standing.ts'

const apim = subnet('snet-apim', '10.0.0.0/27')

describe('the gateway of a group', () => {
  test('is refused with the choice where there are two', () => {
    const two = standing(service('gw'), service('gw-2'))
    expect(refusal(two)).toMatchObject([{ path: 'gateway.apim', problem: 'could be each of gw and gw-2' }])
    const { document, about } = describing(two, { apim: 'gw-2' })
    expect(document?.gateway.apim.name).toBe('gw-2')
    expect(about('Microsoft.ApiManagement/service/gw')).toMatchObject([
      { is: 'left out', message: expect.stringContaining('it was asked for') },
    ])
  })

  test('is refused with the reason where no document can say it', () => {
    const [fault] = refusal(standing(service('gw', { virtualNetworkType: 'External' })))
    expect(fault?.problem).toBe('gw is not in internal mode (virtualNetworkType is External)')
    const basic = standing(service('gw', {}, { sku: { name: 'BasicV2', capacity: 1 } }))
    expect(refusal(basic)[0]?.problem).toContain('is of tier BasicV2')
  })

  test('is described without what no field speaks of, and that is named', () => {
    const { about } = describing(
      standing(
        service('gw', {
          additionalLocations: [{ location: 'West US' }],
          hostnameConfigurations: [{ hostName: 'gw.azure-api.net', certificateSource: 'BuiltIn' }],
        }),
      ),
    )
    expect(about('Microsoft.ApiManagement/service/gw').map(({ message }) => message)).toEqual([
      expect.stringContaining('gw has further locations'),
    ])
  })

  test('is refused where its network is in another resource group', () => {
    const elsewhere = '/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/net'
    const [fault] = refusal(
      standing(
        service('gw', { virtualNetworkConfiguration: { subnetResourceId: `${elsewhere}/subnets/a` } }),
      ),
    )
    expect(fault).toMatchObject({ path: 'network.vnet', problem: expect.stringContaining(elsewhere) })
  })
})

describe('the network', () => {
  test('of which every subnet is described is the environment’s own, and the taking over is told', () => {
    const { document, about } = describing(standing())
    expect(document?.network.vnet).toEqual({ name: 'net', addressSpace: '10.0.0.0/16' })
    expect(about('Microsoft.Network/virtualNetworks/net')).toMatchObject([{ is: 'taken' }])
  })

  test('with a subnet of others, or of another hand, is existing', () => {
    const endpoints = subnet('snet-private-endpoints', '10.0.1.0/26')
    const shared = describing(standing(network([apim, endpoints, subnet('jump', '10.0.9.0/28')])))
    const tagged = describing(standing(network([apim, endpoints], '10.0.0.0/16', { tags: { team: 'net' } })))
    for (const { document, about } of [shared, tagged]) {
      expect(document?.network.vnet).toEqual({ existing: 'net' })
      expect(about('Microsoft.Network/virtualNetworks/net')).toMatchObject([{ is: 'existing' }])
    }
  })

  test('has its endpoints where most of them are, and the others are told', () => {
    const { document, about } = describing(
      standing(
        network([apim, subnet('a', '10.0.2.0/26'), subnet('b', '10.0.3.0/26')]),
        endpoint('one', 'a', id('Microsoft.Storage/storageAccounts/x')),
        endpoint('two', 'b', id('Microsoft.Storage/storageAccounts/y')),
        endpoint('three', 'b', id('Microsoft.Storage/storageAccounts/z')),
      ),
    )
    expect(document?.network.subnets.privateEndpoints).toBe('10.0.3.0/26')
    expect(about('Microsoft.Network/virtualNetworks/net/subnets/b')).toContainEqual(
      expect.objectContaining({ is: 'taken', message: 'b has 2 private endpoints; a has 1' }),
    )
  })

  test('without endpoints is offered a free range, and says so', () => {
    const { document, notes } = describing(standing(network([apim])))
    expect(document?.network.subnets.privateEndpoints).toBe('10.0.0.64/26')
    expect(notes).toContainEqual(
      expect.objectContaining({ is: 'assumed', path: 'network.subnets.privateEndpoints' }),
    )
  })

  test('that is full is refused', () => {
    expect(refusal(standing(network([apim], '10.0.0.0/27')))[0]?.path).toBe(
      'network.subnets.privateEndpoints',
    )
  })
})

describe('the agents’ subnet', () => {
  const agents = subnet('agents', '192.168.4.0/24', delegated())
  const injected = account('ai', {
    properties: {
      customSubDomainName: 'ai',
      networkInjections: [{ scenario: 'agent', subnetArmId: `${vnetId}/subnets/agents` }],
    },
  })
  const apart = subnet('snet-apim', '192.168.1.0/27')

  test('is beside the one that carries an app, in the smallest block that holds both', () => {
    const { document, about, notes } = describing(
      standing(
        injected,
        network(
          [
            apart,
            agents,
            subnet('spare', '192.168.6.0/27', delegated()),
            subnet('app', '192.168.5.0/27', delegated(id('Microsoft.Web/sites/f'))),
          ],
          '192.168.0.0/16',
        ),
      ),
    )
    expect(document?.network.agents).toEqual({
      block: '192.168.4.0/23',
      subnet: '192.168.4.0/24',
      ops: { existing: 'app' },
    })
    expect(about('Microsoft.Network/virtualNetworks/net/subnets/app')).toMatchObject([
      { is: 'taken', message: expect.stringContaining('spare') },
    ])
    expect(document?.foundry.accounts).toMatchObject([{ name: 'ai', agents: false }])
    expect(notes).toContainEqual(
      expect.objectContaining({
        path: 'foundry.accounts[].agents',
        message: expect.stringContaining('a project, storage, search and cosmos'),
      }),
    )
  })

  test('is left out, and agents with it, where no subnet carries an app', () => {
    const { document, about } = describing(standing(injected, network([apart, agents], '192.168.0.0/16')))
    expect(document?.network.agents).toBeUndefined()
    expect(document?.foundry.accounts).toMatchObject([{ name: 'ai', agents: false }])
    expect(about('Microsoft.Network/virtualNetworks/net/subnets/agents')).toMatchObject([{ is: 'left out' }])
    expect(about('Microsoft.CognitiveServices/accounts/ai')).toMatchObject([{ is: 'left out' }])
  })

  test('of an account behind somebody else’s endpoint is its owner’s', () => {
    const { document } = describing(
      standing(
        injected,
        network(
          [apart, agents, subnet('app', '192.168.5.0/27', delegated()), subnet('pe', '192.168.2.0/26')],
          '192.168.0.0/16',
        ),
        endpoint('theirs', 'pe', accountId('ai')),
      ),
    )
    expect(document?.foundry.accounts).toMatchObject([{ existing: true, agents: false }])
  })
})

const ranges = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 22, max: 30 }))
  .map(([third, prefix]) =>
    range(`10.0.${prefix < 24 ? third - (third % 2 ** (24 - prefix)) : third}.0/${prefix}`),
  )

test('a free range is in the network and nobody’s', () => {
  fc.assert(
    fc.property(fc.array(ranges, { maxLength: 30 }), (taken) => {
      const free = freeRange([range('10.0.0.0/16')], taken)
      if (free === undefined) return
      expect(within(range(free), range('10.0.0.0/16'))).toBe(true)
      expect(taken.filter((it) => overlap(it, range(free)))).toEqual([])
    }),
  )
})

test('a block holds both, and its half does not', () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      const cover = coverOf(a, b)
      if (!cover) throw new Error('there is one in 10/8')
      expect([a, b].every((it) => within(it, cover))).toBe(true)
      const middle = cover.first + (cover.last - cover.first + 1) / 2
      const inOneHalf = [a, b].every((it) => it.last < middle) || [a, b].every((it) => it.first >= middle)
      expect(inOneHalf).toBe(false)
    }),
  )
})

test('whatever a group is called, what it is made into is a name', () => {
  expect(nameAfter('rg-Contoso_AI.prod')).toBe('contoso-ai-prod')
  fc.assert(
    fc.property(fc.stringMatching(/^[\w().-]{0,89}[\w()-]$/), (resourceGroup) => {
      expect(environmentName.safeParse(nameAfter(resourceGroup)).success).toBe(true)
    }),
  )
})
