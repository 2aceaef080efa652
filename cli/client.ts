import type { AlertsView } from '../src/alerts/show.ts'
import type { Imported } from '../src/operations/import.ts'
import type { Preview } from '../src/operations/preview.ts'
import type { EnvironmentView, OperationView } from '../src/operations/show.ts'
import type { Report } from '../src/preflight/report.ts'

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
  /** What Azure Monitor told of in the last week, or since that time. */
  alerts(environment?: string, since?: string): Promise<AlertsView>
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
