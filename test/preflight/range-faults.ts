import { keepResources } from './document-faults.ts'
import type { Fault, Harmless } from './fault.ts'
import type { World } from './world.ts'

const agents = (world: World, subnet: string, block = subnet) =>
  void Object.assign(world.document.network.agents ?? {}, { subnet, block })
const subnets = (world: World, changes: Partial<World['document']['network']['subnets']>) =>
  void Object.assign(world.document.network.subnets, changes)

const agentsRange = (fault: string, range: string, says: RegExp): Fault => ({
  code: 'NET-007',
  fault,
  at: 'network.agents.subnet',
  says,
  given: (world) => agents(world, range),
})

export const rangeFaults: Fault[] = [
  {
    code: 'NET-001',
    fault: 'subnets-over-each-other',
    at: 'network.subnets.privateEndpoints',
    says: /overlaps network.subnets.apim/,
    given: (world) => subnets(world, { privateEndpoints: '192.168.1.0/26' }),
  },
  {
    code: 'NET-001',
    fault: 'subnet-outside-its-network',
    at: 'network.subnets.apim',
    says: /not inside 192.168.0.0\/20/,
    given: (world) => {
      world.document.network.vnet = { name: 'vnet-contoso-ai', addressSpace: '192.168.0.0/20' }
      subnets(world, { apim: '192.168.64.0/27' })
    },
  },
  {
    code: 'NET-001',
    fault: 'agents-outside-their-block',
    at: 'network.agents.subnet',
    says: /network.agents.block/,
    given: (world) => agents(world, '192.168.8.0/24', '192.168.4.0/23'),
  },
  {
    code: 'NET-002',
    fault: 'link-local-subnet',
    at: 'network.subnets.apim',
    says: /169.254/,
    given: (world) => subnets(world, { apim: '169.254.10.0/27' }),
  },
  {
    code: 'NET-003',
    fault: 'public-addresses-inside',
    at: 'network.subnets.apim',
    given: (world) => subnets(world, { apim: '20.10.0.0/27' }),
  },
  {
    code: 'NET-004',
    fault: 'gateway-subnet-without-room',
    at: 'network.subnets.apim',
    given: (world) => subnets(world, { apim: '192.168.1.0/28' }),
  },
  {
    code: 'NET-005',
    fault: 'more-endpoints-than-addresses',
    at: 'network.subnets.privateEndpoints',
    says: /room for 3 endpoints, the document needs 6/,
    given: (world) => subnets(world, { privateEndpoints: '192.168.2.0/29' }),
  },
  {
    code: 'NET-006',
    fault: 'no-room-for-more-endpoints',
    at: 'network.subnets.privateEndpoints',
    says: /room for 5 more/,
    given: (world) => subnets(world, { privateEndpoints: '192.168.2.0/28' }),
  },
  agentsRange('agents-in-docker-range', '172.30.4.0/24', /172.30.0.0\/16/),
  agentsRange('agents-in-shared-range', '100.64.4.0/24', /100.64.0.0\/11/),
  agentsRange('agents-in-test-net', '192.0.2.0/24', /192.0.2.0\/24/),
  agentsRange('agents-over-a-taken-range', '172.16.0.0/12', /172.30.0.0\/16/),
  agentsRange('agents-with-public-addresses', '20.10.0.0/24', /Foundry takes no other/),
  {
    code: 'NET-008',
    fault: 'agents-in-class-a',
    at: 'network.agents.subnet',
    given: (world) => agents(world, '10.1.0.0/24', '10.1.0.0/23'),
  },
  {
    code: 'NET-009',
    fault: 'agents-with-few-addresses',
    at: 'network.agents.subnet',
    given: (world) => agents(world, '192.168.4.0/26', '192.168.4.0/23'),
  },
  {
    code: 'NET-010',
    fault: 'block-without-room-for-the-app',
    at: 'network.agents.block',
    given: (world) => agents(world, '192.168.4.0/24'),
  },
]

export const rangeHarmless: Harmless[] = [
  {
    code: 'NET-007',
    because: '172.16.0.0/13 ends before the ranges Foundry uses',
    given: (world) => agents(world, '172.23.4.0/24', '172.23.4.0/23'),
  },
  {
    code: 'NET-007',
    because: 'without agents nothing is asked of a range',
    given: (world) =>
      keepResources(world, () => {
        world.document.network.agents = undefined
      }),
  },
]
