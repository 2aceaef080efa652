import type { AzureOptions } from '../../../lab/azure/server.ts'
import { type Arm, openAzure, VNET } from './open.ts'

const MODEL = { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' }

type Wanted = {
  capacity?: number
  sku?: string
  model?: { format: string; name: string; version?: string }
  raiPolicyName?: string
  spilloverDeploymentName?: string
}

/** A simulated Azure with the raw calls that stories about Foundry are told in. */
export async function openFoundry(options: AzureOptions = {}) {
  const lab = await openAzure(options)
  const { group, advance } = lab
  const arm: Arm = (method, path, given) => lab.arm(method, path, { apiVersion: '2025-09-01', ...given })
  const account = `${group}/providers/Microsoft.CognitiveServices/accounts/contoso-ai-east`
  const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/snet-agents`
  const project = `${account}/projects/agents`

  const get = async (path: string) => (await arm('GET', path)).body
  const stateOf = async (path: string) => (await get(path)).properties?.provisioningState
  const code = async (calling: ReturnType<typeof arm>) => {
    const { status, body } = await calling
    return `${status} ${body?.error?.code ?? ''}`.trim()
  }
  /** Goes on until a resource is where it was going, the account included. */
  const settled = async (path: string, seconds = 60) => {
    for (let turn = 0; turn < 60; turn++) {
      const states = [await stateOf(path), await stateOf(account)]
      if (states.every((state) => /Succeeded|Failed/.test(state ?? ''))) return get(path)
      await advance(seconds)
    }
    throw new Error(`${path} does not settle`)
  }
  const accountBody = (properties: object = {}, more: object = {}) => ({
    location: 'eastus',
    kind: 'AIServices',
    sku: { name: 'S0' },
    identity: { type: 'SystemAssigned' },
    properties: { allowProjectManagement: true, customSubDomainName: 'contoso-ai-east', ...properties },
    ...more,
  })
  const injected = {
    networkInjections: [{ scenario: 'agent', subnetArmId: subnet, useMicrosoftManagedNetwork: false }],
  }
  return {
    ...lab,
    arm,
    account,
    subnet,
    project,
    injected,
    get,
    stateOf,
    code,
    settled,
    accountBody,
    putAccount: (properties: object = {}, more: object = {}) =>
      arm('PUT', account, { body: accountBody(properties, more) }),
    putSubnet: async (
      serviceName: string | undefined = 'Microsoft.App/environments',
      addressPrefix = '192.168.8.0/24',
      path = subnet,
    ) => {
      const delegations = serviceName ? [{ name: 'agents', properties: { serviceName } }] : []
      const answer = await arm('PUT', path, { body: { properties: { addressPrefix, delegations } } })
      await advance(15)
      return answer
    },
    putDeployment: (name: string, wanted: Wanted = {}, at = account) => {
      const { capacity = 10, sku = 'GlobalStandard', model = MODEL, ...more } = wanted
      const body = { sku: { name: sku, capacity }, properties: { model, ...more } }
      return arm('PUT', `${at}/deployments/${name}`, { body })
    },
    putProject: () =>
      arm('PUT', project, {
        body: { location: 'eastus', identity: { type: 'SystemAssigned' }, properties: {} },
      }),
  }
}

export type Foundry = Awaited<ReturnType<typeof openFoundry>>
