import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { keyOf, nameOf, parentOf, sameId } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { entity, faulty, notPlayed, SERVICE, serviceIdOf } from './entity.ts'
import { eraseFollowersOf } from './products.ts'

const KeyNames = z.looseObject({
  header: z.string().min(1).default('Ocp-Apim-Subscription-Key'),
  query: z.string().min(1).default('subscription-key'),
})

const Api = z.looseObject({
  displayName: z.string('The field is required.').min(1).max(300),
  description: z.string().nullish(),
  path: z
    .string('The field is required.')
    .max(400)
    .refine((path) => !path.startsWith('/'), 'Must not begin with a slash.'),
  protocols: z
    .array(z.enum(['http', 'https', 'ws', 'wss']))
    .min(1)
    .default(['https']),
  serviceUrl: z.string().max(2000).nullish().default(null),
  subscriptionRequired: z.boolean().default(true),
  subscriptionKeyParameterNames: KeyNames.default(KeyNames.parse({})),
  authenticationSettings: z
    .looseObject({})
    .default({ oAuth2AuthenticationSettings: [], openidAuthenticationSettings: [] }),
  type: z.enum(['http', 'soap', 'websocket', 'graphql', 'odata', 'grpc']).optional(),
  apiType: z.string().optional(),
})
type Api = z.infer<typeof Api>

/** What would make this PUT an import, a clone or a revision. */
const NOT_PLAYED: Record<string, string> = {
  value: 'Import of an API definition',
  format: 'Import of an API definition',
  sourceApiId: 'Cloning an API',
  apiVersionSetId: 'API version sets',
  apiVersionSet: 'API version sets',
}

const { stateless: _, ...own } = entity('apis', 'API')

export const apis: Kind = defineKind<Api>({
  ...own,
  name: { ...own.name, most: 256 },
  shape: Api,
  readOnly: ['isOnline', 'isCurrent'],
  novelties: [{ path: 'subscriptionKeyParameterNames.bearer', since: '2025-03-01-preview' }],
  check: (draft, before, azure) => {
    own.check(draft as Resource, before, azure)
    if (/;rev=/i.test(draft.id)) throw notPlayed('API revisions')
    const asked = Object.keys(NOT_PLAYED).find((name) => draft.properties[name] != null)
    if (asked) throw notPlayed(`${NOT_PLAYED[asked]} (properties.${asked})`)
    checkPath(draft, azure)
  },
  gone: (api, azure) => eraseFollowersOf(api.id, azure),
  shown: ({ properties: { apiType, type, apiRevision } }) => ({
    properties: {
      apiType: undefined,
      type: type ?? apiType ?? 'http',
      apiRevision: apiRevision ?? '1',
      isCurrent: true,
    },
  }),
})

function checkPath(draft: Resource<Api>, azure: Azure): void {
  const { path } = draft.properties
  const rival = azure
    .children(serviceIdOf(draft.id), apis.type)
    .find(({ id, properties }) => !sameId(id, draft.id) && keyOf(String(properties['path'])) === keyOf(path))
  if (rival)
    throw faulty({
      target: 'path',
      message: `Cannot create API '${nameOf(draft.id)}' with the same Path '${path}' as API '${nameOf(rival.id)}'  unless it's a part of the same version set`,
    })
}

const Parameter = z.looseObject({
  name: z.string().min(1),
  type: z.string(),
  required: z.boolean().optional(),
})

const Operation = z.looseObject({
  displayName: z.string('The field is required.').min(1).max(300),
  method: z.string('The field is required.').min(1),
  urlTemplate: z.string('The field is required.').min(1).max(1000),
  templateParameters: z
    .array(Parameter)
    .nullish()
    .transform((given) => given ?? []),
  description: z.string().nullish(),
  responses: z
    .array(z.looseObject({ statusCode: z.int() }))
    .nullish()
    .transform((given) => given ?? []),
  policies: z.string().nullish().default(null),
})
type Operation = z.infer<typeof Operation>

const operation = entity('apis/operations', 'Operation')

export const apiOperations: Kind = defineKind<Operation>({
  ...operation,
  shape: Operation,
  check: (draft, before, azure) => {
    operation.check(draft as Resource, before, azure)
    checkParameters(draft.properties)
    checkDistinct(draft, azure)
  },
})

function checkParameters({ urlTemplate, templateParameters }: Operation): void {
  const used = [...urlTemplate.matchAll(/\{\*?([^}]+)\}/g)].map(([, name = '']) => name)
  const defined = templateParameters.map(({ name }) => name)
  const missing = used.filter((name) => !defined.includes(name))
  if (missing.length)
    throw faulty({
      target: 'templateParameters',
      message: `All template parameters used in the UriTemplate must be defined in the Operation, please ensure the following params are added: ${missing.join(', ')}`,
    })
  const spare = defined.find((name) => !used.includes(name))
  if (spare)
    throw faulty({
      target: 'templateParameters',
      message: `The parameter '${spare}' is not in the UriTemplate.`,
    })
}

/** `GET /responses/{id}` and `GET /responses/{response_id}` are one operation to the gateway. */
function checkDistinct(draft: Resource<Operation>, azure: Azure): void {
  const signature = ({ method, urlTemplate }: Operation) =>
    `${method} ${urlTemplate.replace(/\{[^}]*\}/g, '{}')}`.toLowerCase()
  const rival = azure
    .children(parentOf(draft.id), `${SERVICE}/apis/operations`)
    .find(
      ({ id, properties }) =>
        !sameId(id, draft.id) && signature(properties as Operation) === signature(draft.properties),
    )
  if (rival)
    throw faulty({
      target: 'urlTemplate',
      message: `Operation with the same method and URL template already exists: '${nameOf(rival.id)}'.`,
    })
}
