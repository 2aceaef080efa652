import { z } from 'zod'
import { conflict } from '../../arm/errors.ts'
import { keyOf, nameOf, parentOf, sameId, typeOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { INSIGHTS, unfit } from './common.ts'
import { categoriesIn, categoriesOf } from './log-categories.ts'

const MOST_PER_RESOURCE = 5
const SINKS = [
  'workspaceId',
  'storageAccountId',
  'eventHubAuthorizationRuleId',
  'marketplacePartnerId',
] as const

const Log = z
  .looseObject({
    category: z.string().min(1).nullish(),
    categoryGroup: z.string().min(1).nullish(),
    enabled: z.boolean(),
    retentionPolicy: z.looseObject({ days: z.int(), enabled: z.boolean() }).nullish(),
  })
  .refine(({ category, categoryGroup }) => !category !== !categoryGroup, {
    path: ['category'],
    error: 'Exactly one of category and categoryGroup is required.',
  })
type Log = z.infer<typeof Log>

const Setting = z.looseObject({
  workspaceId: z.string().startsWith('/').nullish(),
  storageAccountId: z.string().startsWith('/').nullish(),
  eventHubAuthorizationRuleId: z.string().startsWith('/').nullish(),
  eventHubName: z.string().nullish(),
  marketplacePartnerId: z.string().nullish(),
  logAnalyticsDestinationType: z.enum(['Dedicated', 'AzureDiagnostics']).nullish(),
  logs: z
    .array(Log)
    .nullish()
    .transform((given) => given ?? []),
  metrics: z
    .array(z.looseObject({ category: z.string().nullish(), enabled: z.boolean() }))
    .nullish()
    .transform((given) => given ?? []),
})
type Setting = z.infer<typeof Setting>
type DiagnosticSetting = Resource<Setting>

/** On whatever resource; gone with it. */
export const diagnosticSettings: Kind = defineKind<Setting>({
  ...INSIGHTS,
  type: 'Microsoft.Insights/diagnosticSettings',
  extension: true,
  region: 'none',
  name: { pattern: /^[^<>*%&:\\?+/]+$/, most: 260 },
  since: '2017-05-01-preview',
  methods: ['PUT', 'DELETE'],
  shape: Setting,
  check: (draft, _before, azure) => {
    const { logs, workspaceId } = draft.properties
    if (!SINKS.some((sink) => draft.properties[sink]))
      throw unfit('At least one data sink needs to be specified.')
    if (workspaceId && !azure.find(workspaceId)) throw unfit(`The workspace ${workspaceId} was not found.`)
    if (logs.some(({ category }) => category) && logs.some(({ categoryGroup }) => categoryGroup))
      throw unfit('A diagnostic setting names categories or category groups, not both.')
    checkCategories(draft)
    const others = azure
      .children(parentOf(draft.id), draft.type)
      .filter(({ id }) => !sameId(id, draft.id)) as unknown as DiagnosticSetting[]
    if (others.length >= MOST_PER_RESOURCE)
      throw unfit(`A resource has at most ${MOST_PER_RESOURCE} diagnostic settings.`)
    for (const other of others) checkApart(draft, other)
  },
  shown: ({ id, properties: { logs } }) => ({
    properties: { logs: [...logs, ...switchedOff(logs, typeOf(parentOf(id)))].map(withRetention) },
  }),
})

function checkCategories({ id, properties: { logs } }: DiagnosticSetting): void {
  const type = typeOf(parentOf(id))
  const known = categoriesOf(type)
  if (!known) return
  for (const { category, categoryGroup } of logs) {
    if (category && !known.some((one) => keyOf(one) === keyOf(category)))
      throw unfit(`Category '${category}' is not supported for resource type ${type}.`)
    if (categoryGroup && !['alllogs', 'audit'].includes(keyOf(categoryGroup)))
      throw unfit(`Category group '${categoryGroup}' is not supported for resource type ${type}.`)
  }
}

/** Nothing is sent to one place twice. */
function checkApart(draft: DiagnosticSetting, other: DiagnosticSetting): void {
  const sink = SINKS.map((name) => draft.properties[name]).find(
    (id) => id && SINKS.some((name) => sameId(other.properties[name] ?? undefined, id)),
  )
  if (!sink) return
  const theirs = sentBy(other)
  const twice = sentBy(draft).find((category) => theirs.some((one) => keyOf(one) === keyOf(category)))
  if (twice)
    throw conflict(
      'Conflict',
      `Data sink '${sink}' is already used in diagnostic setting '${nameOf(other.id)}' for category '${twice}'. Diagnostic settings can't reuse the same data sink for category.`,
    )
}

const sentBy = ({ id, properties: { logs, metrics } }: DiagnosticSetting): string[] => [
  ...logs
    .filter(({ enabled }) => enabled)
    .flatMap(({ category, categoryGroup }) =>
      category ? [category] : categoriesIn(categoryGroup ?? '', typeOf(parentOf(id))),
    ),
  ...metrics.filter(({ enabled }) => enabled).map(({ category }) => category ?? 'AllMetrics'),
]

/** A GET lists all categories of the resource, also those nobody asked for. */
function switchedOff(logs: Log[], type: string): Log[] {
  if (!logs.some(({ category }) => category)) return []
  const named = logs.map(({ category }) => keyOf(category ?? ''))
  return (categoriesOf(type) ?? [])
    .filter((category) => !named.includes(keyOf(category)))
    .map((category) => ({ category, enabled: false }))
}

const withRetention = ({ category = null, categoryGroup = null, ...log }: Log) => ({
  category,
  categoryGroup,
  retentionPolicy: { days: 0, enabled: false },
  ...log,
})
