import { documentOf } from '../../probes/reference.ts'

/** The reference environment, telling the hub of every attempt, and with every probe asked every minute: a fault is told in minutes and not in an hour. */
export const reference = documentOf('contoso', [
  ['logTo: none', 'logTo: eventHub'],
  ['models: 5m, agents: 15m', 'models: 60s, agents: 60s'],
])
