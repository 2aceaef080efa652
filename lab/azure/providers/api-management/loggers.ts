import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { keyOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { entity, faulty, SERVICE, serviceIdOf } from './entity.ts'
import { namedValueIn } from './named-values.ts'

const Logger = z
  .looseObject({
    loggerType: z.enum(['azureEventHub', 'applicationInsights', 'azureMonitor'], 'The field is required.'),
    description: z.string().max(256).nullish(),
    credentials: z.record(z.string(), z.string()).nullish(),
    isBuffered: z.boolean().default(true),
    resourceId: z.string().nullish(),
  })
  .superRefine(({ loggerType, credentials }, context) => {
    for (const message of lacking(loggerType, credentials ?? {}))
      context.addIssue({ code: 'custom', path: ['credentials'], message })
  })
type Logger = z.infer<typeof Logger>

function lacking(loggerType: string, given: Record<string, string>): string[] {
  if (loggerType === 'azureMonitor') return []
  if (loggerType === 'applicationInsights')
    return given['connectionString'] || given['instrumentationKey']
      ? []
      : ['connectionString or instrumentationKey is required.']
  const byIdentity = given['endpointAddress'] && given['identityClientId']
  return [
    ...(given['name'] ? [] : ['name is required.']),
    ...(given['connectionString'] || byIdentity
      ? []
      : ['connectionString, or endpointAddress and identityClientId, are required.']),
    ...(given['endpointAddress']?.includes('://') ? ['endpointAddress is a host name without scheme.'] : []),
  ]
}

/** Kept as named values of their own; a GET shows only what they are called. */
const HIDDEN = ['connectionString', 'instrumentationKey', 'identityClientId']

const own = entity('loggers', 'Logger')

export const loggers: Kind = defineKind<Logger>({
  ...own,
  name: { ...own.name, most: 256 },
  shape: Logger,
  check: (draft, before, azure) => {
    own.check(draft as Resource, before, azure)
    for (const [name, value] of hiddenIn(draft)) {
      if (!value.startsWith('{{')) keepValue(draft.id, name, value, azure)
      else if (!namedValueIn(value, draft.id, azure))
        throw faulty({
          target: "One or more Properties ['{0}'] specified are missing.",
          message: value.slice(2, -2),
        })
    }
    checkIdentity(draft, azure)
  },
  references: (logger, _now, azure) =>
    hiddenIn(logger).map(([name, value]) => ({
      to: namedValueIn(value, logger.id, azure)?.id ?? valueId(logger.id, name, azure),
      as: 'loggers',
    })),
  shown: ({ id, properties: { credentials } }, azure) => ({
    properties: credentials
      ? {
          credentials: Object.fromEntries(
            Object.entries(credentials).map(([name, value]) => [
              name,
              HIDDEN.includes(name) && !value.startsWith('{{') ? pointerTo(id, name, azure) : value,
            ]),
          ),
        }
      : {},
  }),
  gone: (logger, azure) => {
    for (const [name] of hiddenIn(logger)) azure.erase(valueId(logger.id, name, azure))
  },
})

const hiddenIn = ({ properties: { credentials } }: Resource<Logger>) =>
  Object.entries(credentials ?? {}).filter(([name]) => HIDDEN.includes(name))

const hexOf = (loggerId: string, name: string, azure: Azure) =>
  azure.draw.uuid('loggerCredential', keyOf(loggerId), name).replaceAll('-', '').slice(0, 24)

const valueId = (loggerId: string, name: string, azure: Azure) =>
  `${serviceIdOf(loggerId)}/namedValues/${hexOf(loggerId, name, azure)}`

/** The client id of an identity is shown by the id of its named value, secrets by its display name. */
const pointerTo = (loggerId: string, name: string, azure: Azure) => {
  const hex = hexOf(loggerId, name, azure)
  return name === 'identityClientId' ? `{{${hex}}}` : `{{Logger-Credentials--${hex}}}`
}

function keepValue(loggerId: string, name: string, value: string, azure: Azure): void {
  const id = valueId(loggerId, name, azure)
  const now = azure.clock.now()
  azure.keep({
    id,
    type: `${SERVICE}/namedValues`,
    beside: {},
    properties: { displayName: `Logger-Credentials--${hexOf(loggerId, name, azure)}`, value, secret: true },
    assigned: {},
    state: 'Succeeded',
    revision: 0,
    createdAt: azure.find(id)?.createdAt ?? now,
    visibleAt: now,
    settledAt: now,
  })
}

function checkIdentity({ id, properties: { credentials } }: Resource<Logger>, azure: Azure): void {
  if (credentials?.['identityClientId'] !== 'SystemAssigned') return
  const identity = azure.find(serviceIdOf(id))?.beside['identity'] as { type?: string } | undefined
  if (!identity?.type?.includes('SystemAssigned'))
    throw faulty({ target: 'credentials', message: 'The service has no system-assigned identity.' })
}
