export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'bool' | 'datetime' | 'dynamic'
export type Column = { name: string; type: ColumnType }
export type TableName = 'ApiManagementGatewayLogs' | 'ApiManagementGatewayLlmLog'

const columns = (types: Partial<Record<ColumnType, string>>): Column[] =>
  Object.entries(types).flatMap(([type, names]) =>
    names.split(' ').map((name) => ({ name, type: type as ColumnType })),
  )

/** azure-facts 9.3. */
export const TABLES: Record<TableName, { category: string; columns: Column[] }> = {
  ApiManagementGatewayLogs: {
    category: 'GatewayLogs',
    columns: columns({
      datetime: 'TimeGenerated Timestamp',
      string:
        'ApiId ApimSubscriptionId ApiRevision BackendId BackendMethod BackendProtocol BackendRequestBody BackendResponseBody BackendUrl Cache CallerIpAddress Category ClientProtocol ClientTlsVersion CorrelationId LastErrorMessage LastErrorReason LastErrorScope LastErrorSection LastErrorSource Method OperationId OperationName ProductId Region RequestBody ResponseBody Url UserId WorkspaceId TenantId _ResourceId',
      int: 'BackendResponseCode RequestSize ResponseCode ResponseSize',
      long: 'BackendTime CacheTime ClientTime LastErrorElapsed TotalTime',
      bool: 'IsRequestSuccess',
      dynamic:
        'BackendRequestHeaders BackendResponseHeaders Errors RequestHeaders ResponseHeaders TraceRecords',
    }),
  },
  ApiManagementGatewayLlmLog: {
    category: 'GatewayLlmLogs',
    columns: columns({
      datetime: 'TimeGenerated',
      string:
        'ApiVersion CorrelationId DeploymentName ModelName OperationName Region RequestId _ResourceId TenantId',
      int: 'CompletionTokens PromptTokens TotalTokens SequenceNumber',
      bool: 'IsStreamCompletion',
      dynamic: 'RequestMessages ResponseMessages',
    }),
  },
}

export type Scalar = string | number | boolean
/** What is known of a row; the other columns are empty. */
export type LogRow = Record<string, Scalar>
