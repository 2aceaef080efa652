import type { Azure } from '../arm/azure.ts'
import type { AccountResource } from '../models/accounts.ts'
import { deploymentOf, unitsOf } from '../models/deployments.ts'
import { percentOfMinute } from '../models/provisioned.ts'
import type { Row } from '../models/tally.ts'
import { modelsIn } from '../providers/cognitive-services/catalogue.ts'
import { REGIONS, regionCode } from '../regions.ts'
import type { Cell, MetricMinute, Spread } from './minutes.ts'

/** The models' tally as metrics of their accounts: azure-facts 9.1. */
export const countAccounts = (rows: Row[], azure: Azure): MetricMinute[] =>
  [...Map.groupBy(rows, ({ accountId, minute }) => `${minute} ${accountId}`).values()].flatMap((own) => {
    const [{ accountId, minute } = { accountId: '', minute: 0 }] = own
    const account = azure.find(accountId)
    const location = account?.location ?? ''
    const cells = own.map((row) => cellOf(row, location))
    const loads = account ? utilisation(own, account as AccountResource, azure) : []
    return [{ resourceId: accountId, minute, cells: [...cells, ...loads] }]
  })

function cellOf(row: Row, location: string): Cell {
  const served = row.status < 300 && row.deployment !== ''
  const tokens = (sum: number): Spread => ({ count: row.requests, sum })
  const spread = ({ sum, least, most }: Row['toResponseMs']): Spread => ({
    count: row.requests,
    sum,
    least,
    most,
  })
  const available = row.status < 500 ? 100 : 0
  return {
    dimensions: {
      ApiName: apiOf(row.operation),
      OperationName: row.operation,
      ...deploymentDimensions(row, location),
      StreamType: row.streamed ? 'Streaming' : 'Non-Streaming',
      StatusCode: String(row.status),
      IsSpillover: row.spillover ? 'True' : 'False',
    },
    format: formatOf(row.modelName, location),
    measures: {
      requests: { count: row.requests, sum: row.requests, least: 1, most: 1 },
      availability: { count: row.requests, sum: row.requests * available, least: available, most: available },
      toResponseMs: spread(row.toResponseMs),
      // azure-facts 9.1: tokens and whole times are those of calls that were served.
      ...(served
        ? {
            toLastByteMs: spread(row.toLastByteMs),
            promptTokens: tokens(row.promptTokens),
            generatedTokens: tokens(row.generatedTokens),
            allTokens: tokens(row.promptTokens + row.generatedTokens),
            activeTokens: tokens(row.promptTokens - row.cachedTokens),
          }
        : {}),
    },
  }
}

const deploymentDimensions = (row: Row, location: string) => ({
  Region: REGIONS[regionCode(location)] ?? location,
  ModelDeploymentName: row.deployment,
  ModelName: row.modelName,
  ModelVersion: row.modelVersion,
})

/** `ChatCompletions_Create` is an operation of the API `ChatCompletions`. */
const apiOf = (operation: string) => operation.split('_')[0] ?? ''

/** What never reached a model counts as OpenAI's: the account's own refusals are told under both names. */
const formatOf = (model: string, location: string) =>
  modelsIn(location).find(({ name }) => name === model)?.format ?? 'OpenAI'

/** Of provisioned deployments, the share of the minute's throughput that was used. */
function utilisation(rows: Row[], account: AccountResource, azure: Azure): Cell[] {
  const byDeployment = Map.groupBy(rows, ({ deployment }) => deployment)
  return [...byDeployment].flatMap(([name, own]) => {
    const deployment = name ? deploymentOf(account, name, azure) : undefined
    const [row] = own
    if (!row || !deployment?.provisioned) return []
    const load = {
      prompt: sumOf(own, 'promptTokens'),
      cached: sumOf(own, 'cachedTokens'),
      completion: sumOf(own, 'generatedTokens'),
    }
    const percent = percentOfMinute(deployment.model.name, unitsOf(deployment, azure.clock.now()), load)
    return [
      {
        dimensions: deploymentDimensions(row, account.location ?? ''),
        format: formatOf(row.modelName, account.location ?? ''),
        measures: { utilisation: { count: 1, sum: percent, least: percent, most: percent } },
      },
    ]
  })
}

const sumOf = (rows: Row[], name: 'promptTokens' | 'cachedTokens' | 'generatedTokens') =>
  rows.reduce((sum, row) => sum + row[name], 0)
