import { elementsOf } from '../../providers/api-management/policy-tree.ts'
import { tellEventHub } from '../events.ts'
import { attributesOf, type Compile, childrenOf, contentOf, required, textOf } from './element.ts'

/** What is told to somebody besides the caller. None of it fails a call by what its listener does; its expressions may. */

const logToEventHub: Compile = (element) => {
  const given = attributesOf(element, ['logger-id', 'partition-key', 'partition-id'])
  const logger = textOf(required(given['logger-id'], 'a logger-id'))
  const partition = textOf(given['partition-key'] ?? given['partition-id'] ?? '')
  const body = textOf(contentOf(element))
  return (run) => {
    partition(run)
    tellEventHub(logger(run), body(run), run)
  }
}

/** Dimensions without a value are filled in by Azure; here as empty. */
const tokenMetric: Compile = (element) => {
  const { namespace = '' } = attributesOf(element, ['namespace'])
  const dimensions = childrenOf(element, ['dimension']).map((child) => {
    const { name, value } = attributesOf(child, ['name', 'value'])
    return { name: required(name, 'a name'), value: textOf(value ?? '') }
  })
  return (run) => {
    run.metrics.push({
      namespace,
      dimensions: Object.fromEntries(dimensions.map(({ name, value }) => [name, value(run)])),
    })
  }
}

/** Traces go to a debugger that nobody has; their expressions are evaluated all the same. */
const trace: Compile = (element) => {
  attributesOf(element, ['source', 'severity'])
  const messages = elementsOf(element)
    .filter(({ name }) => name === 'message')
    .map((message) => textOf(contentOf(message)))
  return (run) => {
    for (const message of messages) message(run)
  }
}

export const telemetryElements: Record<string, Compile> = {
  'log-to-eventhub': logToEventHub,
  'llm-emit-token-metric': tokenMetric,
  'azure-openai-emit-token-metric': tokenMetric,
  trace,
}
