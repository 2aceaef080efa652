import { z } from 'zod'
import { defineKind, type Kind } from '../../arm/kind.ts'
import { INSIGHTS } from './common.ts'

const receivers = (required: string[]) =>
  z
    .array(z.looseObject(Object.fromEntries(['name', ...required].map((name) => [name, z.string().min(1)]))))
    .default([])

const ActionGroup = z.looseObject({
  groupShortName: z.string().min(1).max(12),
  enabled: z.boolean().default(true),
  emailReceivers: receivers(['emailAddress']),
  smsReceivers: receivers(['countryCode', 'phoneNumber']),
  webhookReceivers: receivers(['serviceUri']),
  azureFunctionReceivers: receivers(['functionAppResourceId', 'functionName', 'httpTriggerUrl']),
  eventHubReceivers: receivers(['eventHubNameSpace', 'eventHubName', 'subscriptionId']),
  armRoleReceivers: receivers(['roleId']),
})

/** azure-facts 10.3. Event hubs are the only receivers that hear of anything (monitor/notify.ts). */
export const actionGroups: Kind = defineKind({
  ...INSIGHTS,
  type: 'Microsoft.Insights/actionGroups',
  name: { pattern: /^[^:<>+/&%\\?]*[^:<>+/&%\\? .]$/, most: 260 },
  since: '2019-06-01',
  asynchrony: { ...INSIGHTS.asynchrony, create: 201 },
  shape: ActionGroup,
})
