import type { AlertsView } from '../src/alerts/show.ts'
import type { Audited } from '../src/operations/audit.ts'
import type { Imported } from '../src/operations/import.ts'
import type { Preview } from '../src/operations/preview.ts'
import type { EnvironmentView, OperationView } from '../src/operations/show.ts'
import type { Report } from '../src/preflight/report.ts'
import type { Verdict } from '../src/probes/probe.ts'
import type { ProofView } from '../src/probing/proof.ts'
import type { ProbeDetail, ProbesView } from '../src/probing/show.ts'
import type { IncidentView } from '../src/probing/show-incidents.ts'
import type { DecisionView, PoolView } from '../src/rebalance/show.ts'

/** What the API says when it says no (RFC 9457). */
export interface Problem {
  status: number
  reason: string
  detail: string
  faults?: { path: string; problem: string; remedy: string }[]
}

export type PlanView = Preview & { environment: string; documentHash: string }

export type ImportView = Omit<Imported, 'plan'> & { plan?: PlanView }

/** The API's no, as an exception of the client. */
export class Refused extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

export interface Client {
  /** Sends a document; the id of the operation that carries it out. */
  apply(name: string, document: string): Promise<string>
  /** Makes the environment as its stored document says; the id of the operation. */
  repair(name: string): Promise<string>
  /** Takes the environment away; the id of the operation. */
  destroy(name: string, confirm: string, includeProtected: boolean): Promise<string>
  /** What applying a document (none: the stored one) would do now. */
  plan(name: string, document?: string): Promise<PlanView>
  /** What would stop a document; it reads Azure and writes nothing. */
  preflight(name: string, document: string): Promise<Report>
  /** What settings of the live gateway cost; it reads Azure and writes nothing. */
  audit(name: string): Promise<Audited>
  /** The document that describes what stands in a resource group; it reads Azure and writes nothing. */
  importGroup(resourceGroup: string, wishes: { name?: string; apim?: string }): Promise<ImportView>
  /** Approves the plan with this hash. */
  approve(id: string, planHash: string): Promise<void>
  cancel(id: string): Promise<void>
  /** Takes a resource out of the service's hands for some hours. */
  pause(name: string, resource: string, reason: string, hours: number): Promise<void>
  resume(name: string, resource: string): Promise<void>
  environment(name: string): Promise<EnvironmentView>
  operation(id: string): Promise<OperationView>
  probes(name: string): Promise<ProbesView>
  /** One probe, by its key. */
  probe(name: string, key: string): Promise<ProbeDetail>
  /** Asks one probe now; counts nothing. */
  runProbe(name: string, key: string): Promise<{ probe: string; verdict: Verdict }>
  /** Hands in what was seen from outside: the text of a verdict file. */
  submitVerdicts(name: string, verdicts: string): Promise<{ accepted: number }>
  incidents(name: string): Promise<IncidentView[]>
  proof(name: string): Promise<ProofView>
  /** What Azure Monitor told of in the last week, or since that time. */
  alerts(environment?: string, since?: string): Promise<AlertsView>
  /** How the weights of an environment's pools stand. */
  pools(name: string): Promise<{ environment: string; pools: PoolView[] }>
  /** What was decided about a pool in the last week, or since that time; newest first. */
  decisions(
    name: string,
    pool: string,
    since?: string,
  ): Promise<{ environment: string; pool: string; decisions: DecisionView[] }>
  /** Ends a hold; the weights from which the service goes on. */
  release(name: string, pool: string): Promise<{ pool: string; base: Record<string, number> }>
}

/**
 * A thin client of the HTTP API.
 * @param url of the app, such as http://127.0.0.1:7071
 * @param token of Entra ID for the app's API; none when something in front of it signs in for you, as the lab does
 * @throws Refused when the API says no
 */
export function openClient(url: string, token: string | undefined): Client {
  const call = async (method: string, path: string, body?: string): Promise<unknown> => {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    if (body !== undefined) headers['content-type'] = 'application/yaml'
    const response = await fetch(new URL(path, url), {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    if (response.ok) return text === '' ? undefined : JSON.parse(text)
    throw new Refused(problemOf(response, text))
  }
  const begun = async (method: string, path: string, body?: string) =>
    ((await call(method, path, body)) as { operation: string }).operation
  const at = (name: string) => `/api/environments/${encodeURIComponent(name)}`
  return {
    apply: (name, document) => begun('PUT', at(name), document),
    repair: (name) => begun('POST', `${at(name)}/repair`),
    destroy: (name, confirm, includeProtected) =>
      begun(
        'DELETE',
        `${at(name)}?confirm=${encodeURIComponent(confirm)}${includeProtected ? '&include=protected' : ''}`,
      ),
    plan: (name, document = '') => call('POST', `${at(name)}/plan`, document) as Promise<PlanView>,
    preflight: (name, document) => call('POST', `${at(name)}/preflight`, document) as Promise<Report>,
    audit: (name) => call('GET', `${at(name)}/audit`) as Promise<Audited>,
    importGroup: (resourceGroup, wishes) =>
      call('POST', '/api/import', JSON.stringify({ resourceGroup, ...wishes })) as Promise<ImportView>,
    async approve(id, planHash) {
      await call('POST', `/api/operations/${encodeURIComponent(id)}/approve`, JSON.stringify({ planHash }))
    },
    async cancel(id) {
      await call('POST', `/api/operations/${encodeURIComponent(id)}/cancel`)
    },
    async pause(name, resource, reason, hours) {
      await call('POST', `${at(name)}/pause`, JSON.stringify({ resource, reason, hours }))
    },
    async resume(name, resource) {
      await call('POST', `${at(name)}/resume`, JSON.stringify({ resource }))
    },
    environment: (name) => call('GET', at(name)) as Promise<EnvironmentView>,
    alerts: (environment, since) => {
      const query = new URLSearchParams({
        ...(environment ? { environment } : {}),
        ...(since ? { since } : {}),
      })
      return call('GET', `/api/alerts?${query}`) as Promise<AlertsView>
    },
    pools: (name) => call('GET', `${at(name)}/pools`) as ReturnType<Client['pools']>,
    decisions: (name, pool, since) => {
      const query = since ? `?${new URLSearchParams({ since })}` : ''
      const path = `${at(name)}/pools/${encodeURIComponent(pool)}/decisions${query}`
      return call('GET', path) as ReturnType<Client['decisions']>
    },
    release: (name, pool) =>
      call('POST', `${at(name)}/pools/${encodeURIComponent(pool)}/release`) as ReturnType<Client['release']>,
    probes: (name) => call('GET', `${at(name)}/probes`) as Promise<ProbesView>,
    probe: (name, key) =>
      call('GET', `${at(name)}/probes/${encodeURIComponent(key)}`) as Promise<ProbeDetail>,
    runProbe: (name, key) =>
      call('POST', `${at(name)}/probes/${encodeURIComponent(key)}/run`) as Promise<{
        probe: string
        verdict: Verdict
      }>,
    submitVerdicts: (name, verdicts) =>
      call('POST', `${at(name)}/probes/verdicts`, verdicts) as Promise<{ accepted: number }>,
    incidents: async (name) =>
      ((await call('GET', `${at(name)}/incidents`)) as { incidents: IncidentView[] }).incidents,
    proof: (name) => call('GET', `${at(name)}/proof`) as Promise<ProofView>,
    operation: (id) => call('GET', `/api/operations/${encodeURIComponent(id)}`) as Promise<OperationView>,
  }
}

function problemOf(response: Response, text: string): Problem {
  if (response.headers.get('content-type')?.startsWith('application/problem+json'))
    return JSON.parse(text) as Problem
  return {
    status: response.status,
    reason: 'unexpected',
    detail: `the app answered ${response.status} ${text.slice(0, 200)}`,
  }
}
