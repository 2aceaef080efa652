import { z } from 'zod'
import { keyOf, nameOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { entity, faulty, fullId } from './entity.ts'

const Message = z
  .looseObject({
    headers: z.array(z.string()).nullish(),
    body: z
      .looseObject({ bytes: z.int().min(0).max(8192, 'At most 8192 bytes of a body are logged.').nullish() })
      .nullish(),
  })
  .nullish()
const Side = z.looseObject({ request: Message, response: Message }).nullish()

const LanguageModelMessages = z
  .looseObject({
    messages: z.enum(['all', 'errors']).nullish(),
    maxSizeInBytes: z.int().min(1).max(262_144).nullish(),
  })
  .nullish()

const Diagnostic = z.looseObject({
  loggerId: z.string('The field is required.').min(1),
  alwaysLog: z.enum(['allErrors']).nullish(),
  sampling: z
    .looseObject({ samplingType: z.enum(['fixed']), percentage: z.number().min(0).max(100) })
    .nullish(),
  frontend: Side,
  backend: Side,
  verbosity: z.enum(['verbose', 'information', 'error']).nullish(),
  httpCorrelationProtocol: z.enum(['None', 'Legacy', 'W3C']).nullish(),
  logClientIp: z.boolean().nullish(),
  metrics: z.boolean().nullish(),
  largeLanguageModel: z
    .looseObject({
      logs: z.enum(['enabled', 'disabled']).nullish(),
      requests: LanguageModelMessages,
      responses: LanguageModelMessages,
    })
    .nullish(),
})
type Diagnostic = z.infer<typeof Diagnostic>

/** What is sent where is fixed by the name. */
const LOGGER_TYPES: Record<string, string> = {
  applicationinsights: 'applicationInsights',
  azuremonitor: 'azureMonitor',
}

function diagnostics(path: string): Kind {
  const own = entity(path, 'Diagnostic')
  return defineKind<Diagnostic>({
    ...own,
    name: { pattern: /^(applicationinsights|azuremonitor)$/i, most: 80 },
    shape: Diagnostic,
    novelties: [{ path: 'largeLanguageModel', since: '2024-06-01-preview' }],
    check: (draft, before, azure) => {
      own.check(draft as Resource, before, azure)
      const { loggerId } = draft.properties
      const logger = azure.find(fullId(loggerId, draft.id))
      if (!logger) throw faulty({ target: 'loggerId', message: `Logger '${nameOf(loggerId)}' not found.` })
      const wanted = LOGGER_TYPES[keyOf(nameOf(draft.id))]
      if (logger.properties['loggerType'] !== wanted)
        throw faulty({
          target: 'loggerId',
          message: `The diagnostic '${nameOf(draft.id)}' needs a logger of type ${wanted}.`,
        })
    },
    references: ({ id, properties }) => [{ to: fullId(properties.loggerId, id), as: 'diagnostics' }],
    shown: ({ id, properties }, azure) => {
      const loggerId = fullId(properties.loggerId, id)
      return { properties: { loggerId: azure.find(loggerId)?.id ?? loggerId } }
    },
  })
}

export const diagnosticKinds: Kind[] = [diagnostics('diagnostics'), diagnostics('apis/diagnostics')]
