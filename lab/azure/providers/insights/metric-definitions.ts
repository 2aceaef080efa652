export type MetricDefinition = { name: string; dimensions: string[] }

/** azure-facts 9.1 and 9.2, as far as alerts are made of them. */
const REQUEST =
  'ApiName OperationName Region StreamType ModelDeploymentName ModelName ModelVersion StatusCode'
const COUNTED = `${REQUEST} IsSpillover ServiceTierRequest ServiceTierResponse`
const TIMED = 'ApiName OperationName Region StreamType ModelDeploymentName ModelName ModelVersion'
const TOKENS = 'ApiName ModelDeploymentName FeatureName UsageChannel Region ModelVersion'
const COUNTED_TOKENS = 'ApiName Region ModelDeploymentName ModelName ModelVersion'
const PROVISIONED = 'Region StreamType ModelDeploymentName ModelName ModelVersion'
const GATEWAY_REQUEST =
  'Location Hostname LastErrorReason BackendResponseCode GatewayResponseCode BackendResponseCodeCategory GatewayResponseCodeCategory ApiId'

const DIMENSIONS: Record<string, [dimensions: string, metrics: string][]> = {
  'microsoft.cognitiveservices/accounts': [
    [COUNTED, 'AzureOpenAIRequests ModelRequests'],
    [REQUEST, 'AzureOpenAIAvailabilityRate ModelAvailabilityRate AzureOpenAITimeToResponse TimeToResponse'],
    [TIMED, 'AzureOpenAITTLTInMS TimeToLastByte AzureOpenAINormalizedTTFTInMS NormalizedTimeToFirstToken'],
    [
      TIMED,
      'AzureOpenAINormalizedTBTInMS NormalizedTimeBetweenTokens AzureOpenAITokenPerSecond TokensPerSecond',
    ],
    [TOKENS, 'TokenTransaction ProcessedPromptTokens GeneratedTokens'],
    [COUNTED_TOKENS, 'InputTokens OutputTokens TotalTokens ActiveTokens'],
    [
      PROVISIONED,
      'AzureOpenAIContextTokensCacheMatchRate AzureOpenAIProvisionedManagedUtilizationV2 ProvisionedUtilization',
    ],
    [
      'ApiName OperationName Region RatelimitKey',
      'BlockedCalls ClientErrors TotalCalls SuccessRate Latency Ratelimit',
    ],
  ],
  'microsoft.apimanagement/service': [
    [GATEWAY_REQUEST, 'Requests'],
    ['Location', 'Capacity CpuPercent_Gateway MemoryPercent_Gateway'],
    ['Location Hostname ApiId', 'Duration BackendDuration'],
    ['Location ResourceType', 'NetworkConnectivity'],
    [
      'Location',
      'EventHubTotalEvents EventHubSuccessfulEvents EventHubRejectedEvents EventHubThrottledEvents',
    ],
    ['Location', 'EventHubDroppedEvents EventHubTimedoutEvents EventHubTotalBytesSent'],
  ],
}

/** Undefined for a namespace whose metrics the lab does not know. */
export const metricsOf = (namespace: string): MetricDefinition[] | undefined =>
  DIMENSIONS[namespace.toLowerCase()]?.flatMap(([dimensions, metrics]) =>
    metrics.split(' ').map((name) => ({ name, dimensions: dimensions.split(' ') })),
  )
