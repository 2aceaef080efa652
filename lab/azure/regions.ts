/** The regions of the simulated subscription: name → how people write it. */
export const REGIONS: Record<string, string> = {
  eastus: 'East US',
  eastus2: 'East US 2',
  westus: 'West US',
  westus2: 'West US 2',
  westus3: 'West US 3',
  centralus: 'Central US',
  northcentralus: 'North Central US',
  southcentralus: 'South Central US',
  canadaeast: 'Canada East',
  canadacentral: 'Canada Central',
  northeurope: 'North Europe',
  westeurope: 'West Europe',
  swedencentral: 'Sweden Central',
  switzerlandnorth: 'Switzerland North',
  francecentral: 'France Central',
  germanywestcentral: 'Germany West Central',
  uksouth: 'UK South',
  polandcentral: 'Poland Central',
  norwayeast: 'Norway East',
  japaneast: 'Japan East',
  koreacentral: 'Korea Central',
  southeastasia: 'Southeast Asia',
  australiaeast: 'Australia East',
  southindia: 'South India',
  brazilsouth: 'Brazil South',
}

/** `East US` and `eastus` are one region. */
export const regionCode = (location: string) => location.toLowerCase().replaceAll(' ', '')
