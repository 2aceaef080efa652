type Unit = 'Count' | 'Percent' | 'MilliSeconds' | 'CountPerSecond' | 'Bytes'
export type Aggregation = 'Average' | 'Count' | 'Minimum' | 'Maximum' | 'Total'

export type MetricDefinition = {
  name: string
  dimensions: string[]
  unit: Unit
  primary: Aggregation
  /** What is counted for it; undefined: it exists in Azure and is not measured here. */
  measure?: string
  /** Shows the models of this format alone. */
  only?: string
}

/** azure-facts 9.1 and 9.2. */
const REQUEST =
  'ApiName OperationName Region StreamType ModelDeploymentName ModelName ModelVersion StatusCode'
const COUNTED = `${REQUEST} IsSpillover ServiceTierRequest ServiceTierResponse`
const TIMED = 'ApiName OperationName Region StreamType ModelDeploymentName ModelName ModelVersion'
const TOKENS = 'ApiName ModelDeploymentName FeatureName UsageChannel Region ModelVersion'
const COUNTED_TOKENS = 'ApiName Region ModelDeploymentName ModelName ModelVersion'
const PROVISIONED = 'Region StreamType ModelDeploymentName ModelName ModelVersion'
const NOT_OPENAI = 'ApiName OperationName Region RatelimitKey'
const GATEWAY_REQUEST =
  'Location Hostname LastErrorReason BackendResponseCode GatewayResponseCode BackendResponseCodeCategory GatewayResponseCodeCategory ApiId'

/** `{name}={measure}`, or the name alone of what is not measured here. */
type Line = [unit: Unit, primary: Aggregation, dimensions: string, metrics: string]

const OPENAI = 'OpenAI'
const OPENAI_ONLY = /^(AzureOpenAI|TokenTransaction$|ProcessedPromptTokens$|GeneratedTokens$)/

const LINES: Record<string, Line[]> = {
  'microsoft.cognitiveservices/accounts': [
    ['Count', 'Total', COUNTED, 'AzureOpenAIRequests=requests ModelRequests=requests'],
    [
      'Percent',
      'Average',
      REQUEST,
      'AzureOpenAIAvailabilityRate=availability ModelAvailabilityRate=availability',
    ],
    [
      'MilliSeconds',
      'Average',
      REQUEST,
      'AzureOpenAITimeToResponse=toResponseMs TimeToResponse=toResponseMs',
    ],
    ['MilliSeconds', 'Average', TIMED, 'AzureOpenAITTLTInMS=toLastByteMs TimeToLastByte=toLastByteMs'],
    ['MilliSeconds', 'Average', TIMED, 'AzureOpenAINormalizedTTFTInMS NormalizedTimeToFirstToken'],
    ['MilliSeconds', 'Average', TIMED, 'AzureOpenAINormalizedTBTInMS NormalizedTimeBetweenTokens'],
    ['CountPerSecond', 'Average', TIMED, 'AzureOpenAITokenPerSecond TokensPerSecond'],
    [
      'Count',
      'Total',
      TOKENS,
      'TokenTransaction=allTokens ProcessedPromptTokens=promptTokens GeneratedTokens=generatedTokens',
    ],
    [
      'Count',
      'Total',
      COUNTED_TOKENS,
      'InputTokens=promptTokens OutputTokens=generatedTokens TotalTokens=allTokens ActiveTokens=activeTokens',
    ],
    [
      'Percent',
      'Average',
      PROVISIONED,
      'AzureOpenAIProvisionedManagedUtilizationV2=utilisation ProvisionedUtilization=utilisation AzureOpenAIContextTokensCacheMatchRate',
    ],
    ['Count', 'Total', NOT_OPENAI, 'BlockedCalls ClientErrors TotalCalls Ratelimit'],
    ['Percent', 'Average', NOT_OPENAI, 'SuccessRate'],
    ['MilliSeconds', 'Average', NOT_OPENAI, 'Latency'],
  ],
  'microsoft.apimanagement/service': [
    ['Count', 'Total', GATEWAY_REQUEST, 'Requests=requests'],
    ['MilliSeconds', 'Average', 'Location Hostname ApiId', 'Duration=tookMs BackendDuration=backendMs'],
    ['Percent', 'Average', 'Location', 'Capacity CpuPercent_Gateway MemoryPercent_Gateway'],
    ['Count', 'Average', 'Location ResourceType', 'NetworkConnectivity'],
    [
      'Count',
      'Total',
      'Location',
      'EventHubTotalEvents EventHubSuccessfulEvents EventHubRejectedEvents EventHubThrottledEvents EventHubDroppedEvents EventHubTimedoutEvents',
    ],
    ['Bytes', 'Total', 'Location', 'EventHubTotalBytesSent'],
  ],
  'microsoft.eventhub/namespaces': [
    ['Count', 'Total', 'EntityName', 'IncomingMessages=incoming IncomingRequests OutgoingMessages'],
  ],
}

const DEFINITIONS = new Map(
  Object.entries(LINES).map(([namespace, lines]) => [namespace, lines.flatMap(definitionsIn)]),
)

function definitionsIn([unit, primary, dimensions, metrics]: Line): MetricDefinition[] {
  return metrics.split(' ').map((entry) => {
    const [name = '', measure] = entry.split('=')
    return {
      name,
      dimensions: dimensions.split(' '),
      unit,
      primary,
      ...(measure ? { measure } : {}),
      ...(OPENAI_ONLY.test(name) ? { only: OPENAI } : {}),
    }
  })
}

/** Undefined for a namespace whose metrics the lab does not know. */
export const metricsOf = (namespace: string): MetricDefinition[] | undefined =>
  DEFINITIONS.get(namespace.toLowerCase())
