import { expect, test } from 'vitest'
import { minutesIn } from '../../src/azure/metrics-minutes.ts'
import type { Series } from '../../src/azure/monitor-answers.ts'

const span = { fromMs: 60_000, untilMs: 120_000 }
const series = (
  metric: string,
  deployment: string,
  status: string,
  ...totals: [atMs: number, total?: number][]
) =>
  ({
    metric,
    dimensions: { modeldeploymentname: deployment, ...(status ? { statuscode: status } : {}) },
    points: totals.map(([atMs, total]) => ({ atMs, ...(total === undefined ? {} : { total }) })),
  }) satisfies Series

test('a name in two cases is one deployment, and what lies beyond the span is left out', () => {
  const answers = [
    series('AzureOpenAIRequests', 'gpt-4o', '200', [0, 9], [60_000, 5], [120_000, 9]),
    series('AzureOpenAIRequests', 'GPT-4o', '200', [60_000, 2]),
    series('AzureOpenAIRequests', 'gpt-4o', '429', [60_000, 1]),
  ]
  const load = [series('TokenTransaction', 'Gpt-4o', '', [60_000, 700])]
  expect(minutesIn(answers, load, span)).toEqual([
    { deployment: 'gpt-4o', minuteMs: 60_000, byStatus: { 200: 7, 429: 1 }, tokens: 700 },
  ])
})

test('two metrics of one thing are never added up: the first that counted anything speaks', () => {
  const openAi = series('AzureOpenAIRequests', 'a', '200', [60_000, 0])
  const all = series('ModelRequests', 'a', '200', [60_000, 4])
  const statuses = (answers: Series[]) => minutesIn(answers, [], span).map(({ byStatus }) => byStatus)
  expect(statuses([openAi, all])).toEqual([{ 200: 4 }])
  expect(statuses([series('AzureOpenAIRequests', 'a', '200', [60_000, 3]), all])).toEqual([{ 200: 3 }])
  expect(statuses([openAi, series('ModelRequests', 'a', '200', [60_000])])).toEqual([{ 200: 0 }])
})

test('tokens without answers are no minute: nobody knows how many calls there were', () => {
  const load = [series('TokenTransaction', 'a', '', [60_000, 700])]
  expect(minutesIn([series('AzureOpenAIRequests', 'a', '200', [60_000])], load, span)).toEqual([])
})
