import { type Lifecycle, minutes, type Range, type Temper } from './temper.ts'

const SOON: Range = [2, 8]
const BLINK: Range = [0, 2]

const network = (of: string): Lifecycle[] => [
  {
    of: `Microsoft.Network/${of}`,
    verb: 'create',
    seconds: SOON,
    state: 'Updating',
    invisibleSeconds: BLINK,
  },
  { of: `Microsoft.Network/${of}`, verb: 'update', seconds: SOON, state: 'Updating' },
  { of: `Microsoft.Network/${of}`, verb: 'delete', seconds: SOON, state: 'Deleting' },
]

const privateDns = (of: string): Lifecycle[] => [
  { of: `Microsoft.Network/${of}`, verb: 'create', seconds: [20, 60], state: 'Creating' },
  { of: `Microsoft.Network/${of}`, verb: 'update', seconds: [5, 20], state: 'Updating' },
  { of: `Microsoft.Network/${of}`, verb: 'delete', seconds: [20, 60], state: 'Deleting' },
]

/** A quiet day. What is not listed is done before it is answered. */
export const usual: Temper = {
  lifecycles: [
    ...network('virtualNetworks'),
    ...network('virtualNetworks/subnets'),
    ...network('networkSecurityGroups'),
    ...network('networkSecurityGroups/securityRules'),
    ...network('routeTables'),
    ...network('routeTables/routes'),
    ...network('publicIPAddresses'),
    ...privateDns('privateDnsZones'),
    ...privateDns('privateDnsZones/virtualNetworkLinks'),
    {
      of: 'Microsoft.ApiManagement/service',
      verb: 'create',
      seconds: minutes(35, 45),
      state: 'Activating',
      invisibleSeconds: BLINK,
    },
    { of: 'Microsoft.ApiManagement/service', verb: 'update', seconds: minutes(15, 20), state: 'Updating' },
    { of: 'Microsoft.ApiManagement/service', verb: 'delete', seconds: minutes(15, 25), state: 'Terminating' },
    {
      of: 'Microsoft.ApiManagement/locations/deletedservices',
      verb: 'delete',
      seconds: minutes(1, 3),
      state: 'Deleting',
    },
    { of: 'Microsoft.Resources/resourceGroups', verb: 'delete', seconds: minutes(1, 3), state: 'Deleting' },
  ],
  reads: [],
}
