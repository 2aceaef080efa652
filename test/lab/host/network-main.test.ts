import { expect, test } from 'vitest'
import { deny, openNetworkAzure } from '../azure/network-world.ts'
import { spawnHost } from './spawn-host.ts'

test('an app in the host stands in its subnet of the simulated network', async () => {
  const { url, arm, at, gatewayAddress } = await openNetworkAzure()
  const host = await spawnHost('network', { azure: url })
  const look = (name: string) => host.json(`/look/${name}`)
  expect(await look('contoso-kv.vault.azure.net')).toEqual({
    address: expect.stringMatching(/^192\.168\.2\./),
    status: 401,
  })
  expect(await look('contoso-apim.azure-api.net')).toEqual({ address: gatewayAddress, status: 404 })
  expect(await look('nobody.vault.azure.net')).toEqual({ address: 'ENOTFOUND', status: 'ENOTFOUND' })
  await arm('PUT', at('Network/networkSecurityGroups/nsg-apim/securityRules/Cut'), {
    body: { properties: deny('Inbound', '*', { sourceAddressPrefix: '192.168.5.0/27' }) },
  })
  expect(await look('contoso-apim.azure-api.net')).toEqual({ address: gatewayAddress, status: 'ETIMEDOUT' })
})
