import type { Azure } from '../arm/azure.ts'
import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { StaticCriterion } from '../providers/insights/alert-criteria.ts'
import { FREQUENCIES } from '../providers/insights/metric-alerts.ts'
import { type Incident, metricPayload } from './common-alert.ts'
import { type Reading, readings } from './criteria.ts'
import { MINUTE_MS, newestMinute } from './minutes.ts'
import { notify } from './notify.ts'
import { type FiredAlert, type Rule, rulesOf, staticCriteria, targetsOf, windowMs } from './rules.ts'
import { watchFrom } from './watch.ts'

const HEALTHY_TO_RESOLVE = 3
/** Nothing is seen for the first time later than this after its minute; a bound on how long one has to look. */
const LATEST_POINT_MS = 60 * MINUTE_MS

/** All enabled rules whose turn it is at this minute's end (azure-facts 10.2). */
export function evaluateRules(azure: Azure): void {
  const rules = rulesOf(azure).filter(({ properties }) => properties.enabled)
  forgetOrphans(rules, azure)
  const minutes = Math.round(azure.clock.now() / MINUTE_MS)
  for (const rule of rules)
    if (minutes % FREQUENCIES[rule.properties.evaluationFrequency] === 0) evaluate(rule, azure)
  if (isWorthWatching(rules, azure)) watchFrom(azure)
}

/** While something may still be seen in some rule's window, or resolved. */
function isWorthWatching(rules: Rule[], azure: Azure): boolean {
  if (azure.world.alerts.size > 0) return true
  const newest = newestMinute(azure)
  const longestMs = Math.max(0, ...rules.map(({ properties }) => windowMs(properties)))
  return rules.length > 0 && newest !== undefined && azure.clock.now() - newest < longestMs + LATEST_POINT_MS
}

/** A rule that is gone or switched off tells no more of what it fired. */
function forgetOrphans(rules: Rule[], azure: Azure): void {
  const live = new Set(rules.map(({ id }) => keyOf(id)))
  for (const [key, { ruleId }] of [...azure.world.alerts.entries()])
    if (!live.has(keyOf(ruleId))) azure.world.alerts.delete(key)
}

function evaluate(rule: Rule, azure: Azure): void {
  const until = azure.clock.now()
  const span = { from: until - windowMs(rule.properties), until }
  const met = new Set<string>()
  for (const target of targetsOf(rule, azure))
    for (const conditions of metConditions(rule, target, span, azure)) {
      const key = keyIn(rule, target, conditions)
      met.add(key)
      raise({ rule, target, conditions, span, key }, azure)
    }
  for (const [key, alert] of [...azure.world.alerts.entries()])
    if (keyOf(alert.ruleId) === keyOf(rule.id) && !met.has(key)) calm(rule, key, alert, span, azure)
}

/** A condition that holds: the reading of each criterion. */
type Conditions = { criterion: StaticCriterion; reading: Reading }[]

/** One criterion fires by time series; of several, all have to hold at once, each over whatever it includes. */
function metConditions(rule: Rule, target: Resource, span: Incident['span'], azure: Azure): Conditions[] {
  const all = staticCriteria(rule)
  const [only] = all
  const read = (criterion: StaticCriterion) =>
    readings(target, criterion, span, azure)
      .filter(({ isMet }) => isMet)
      .map((reading) => ({ criterion, reading }))
  if (only && all.length === 1) return read(only).map((condition) => [condition])
  const first = all.map((criterion) => read(criterion)[0])
  const conditions = first.filter((condition) => condition !== undefined)
  return all.length > 0 && conditions.length === all.length ? [conditions] : []
}

/** With one criterion its series; with several the rule itself, whatever they read. */
const keyIn = ({ id }: Rule, target: Resource, conditions: Conditions) =>
  `${keyOf(id)} ${keyOf(target.id)} ${conditions.length === 1 ? JSON.stringify(conditions[0]?.reading.dimensions) : ''}`

type Raised = { rule: Rule; target: Resource; conditions: Conditions; span: Incident['span']; key: string }

/** Fires once; a rule without autoMitigate keeps no state and fires each time. */
function raise({ rule, target, conditions, span, key }: Raised, azure: Azure): void {
  const { alerts } = azure.world
  const known = alerts.get(key)
  if (known) {
    if (known.healthy > 0) alerts.put(key, { ...known, healthy: 0 })
    return
  }
  const alert: FiredAlert = {
    ruleId: rule.id,
    targetId: target.id,
    alertId: azure.draw.uuid('alert', key, azure.attempt(`alert ${key}`)),
    firedAt: azure.clock.now(),
    healthy: 0,
    dimensions: conditions.map(({ reading }) => reading.dimensions),
  }
  if (rule.properties.autoMitigate) alerts.put(key, alert)
  const values = conditions.map(({ reading }) => reading.value)
  notify(
    rule.properties.actions,
    (properties) => metricPayload({ rule, alert, span, values }, properties, azure),
    azure,
  )
}

function calm(rule: Rule, key: string, alert: FiredAlert, span: Incident['span'], azure: Azure): void {
  const healthy = alert.healthy + 1
  if (healthy < HEALTHY_TO_RESOLVE) {
    azure.world.alerts.put(key, { ...alert, healthy })
    return
  }
  azure.world.alerts.delete(key)
  const resolvedAt = azure.clock.now()
  notify(
    rule.properties.actions,
    (properties) => metricPayload({ rule, alert, span, resolvedAt }, properties, azure),
    azure,
  )
}
