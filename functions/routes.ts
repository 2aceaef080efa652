import { getAlerts } from './alerts.ts'
import {
  deleteEnvironment,
  getEnvironment,
  getEnvironments,
  planEnvironment,
  putEnvironment,
  repairEnvironment,
} from './environments.ts'
import { importEnvironment } from './import.ts'
import { approveOperation, cancelOperation, getOperation } from './operations.ts'
import { pauseResource, resumeResource } from './pauses.ts'
import { preflightEnvironment } from './preflight.ts'
import type { Route } from './route.ts'
import {
  Accepted,
  Alerts,
  Environment,
  EnvironmentList,
  Health,
  Imported,
  Operation,
  Paused,
  Plan,
  Preflight,
} from './schemas.ts'

/**
 * Every door of the API, in one table: it registers them, guards them, and is what documents and tests read. A route that is not here does not
 * exist; one without a role is open to anybody and has to say so.
 */

export const routes: Route[] = [
  {
    name: 'health',
    method: 'GET',
    path: 'api/health',
    role: 'anonymous',
    summary: 'Says that the app is up; nothing about what it watches.',
    answers: { 200: Health },
    handler: async () => ({ jsonBody: { status: 'ok' } }),
  },
  {
    name: 'listEnvironments',
    method: 'GET',
    path: 'api/environments',
    role: 'Ops.Read',
    summary: 'Every environment with its latest operation.',
    answers: { 200: EnvironmentList },
    handler: getEnvironments,
  },
  {
    name: 'getEnvironment',
    method: 'GET',
    path: 'api/environments/{name}',
    role: 'Ops.Read',
    summary: 'An environment: its document, its latest operation and the condition of each resource.',
    answers: { 200: Environment },
    handler: getEnvironment,
  },
  {
    name: 'putEnvironment',
    method: 'PUT',
    path: 'api/environments/{name}',
    role: 'Ops.Operate',
    summary: 'Stores the environment document (YAML or JSON) and begins the operation that carries it out.',
    answers: { 202: Accepted },
    handler: putEnvironment,
  },
  {
    name: 'deleteEnvironment',
    method: 'DELETE',
    path: 'api/environments/{name}',
    role: 'Ops.Approve',
    summary:
      'Takes the environment away: ?confirm={name}, and include=protected for what is slow or impossible to make again.',
    answers: { 202: Accepted },
    handler: deleteEnvironment,
  },
  {
    name: 'repairEnvironment',
    method: 'POST',
    path: 'api/environments/{name}/repair',
    role: 'Ops.Operate',
    summary: 'Makes the environment as its stored document says, again.',
    answers: { 202: Accepted },
    handler: repairEnvironment,
  },
  {
    name: 'pauseResource',
    method: 'POST',
    path: 'api/environments/{name}/pause',
    role: 'Ops.Operate',
    summary: 'Takes a resource out of the service’s hands for some hours, with a reason.',
    answers: { 200: Paused },
    handler: pauseResource,
  },
  {
    name: 'resumeResource',
    method: 'POST',
    path: 'api/environments/{name}/resume',
    role: 'Ops.Operate',
    summary: 'Gives a paused resource back.',
    answers: {},
    handler: resumeResource,
  },
  {
    name: 'planEnvironment',
    method: 'POST',
    path: 'api/environments/{name}/plan',
    role: 'Ops.Read',
    summary: 'What applying the document sent, or the stored one, would do now. Writes nothing.',
    answers: { 200: Plan },
    handler: planEnvironment,
  },
  {
    name: 'preflightEnvironment',
    method: 'POST',
    path: 'api/environments/{name}/preflight',
    role: 'Ops.Read',
    summary:
      'What would stop the document sent, or the stored one, and what would hurt later. Writes nothing.',
    answers: { 200: Preflight },
    handler: preflightEnvironment,
  },
  {
    name: 'importEnvironment',
    method: 'POST',
    path: 'api/import',
    role: 'Ops.Read',
    summary:
      'The document that describes what stands in a resource group, and what it cannot say. Writes nothing.',
    answers: { 200: Imported },
    handler: importEnvironment,
  },
  {
    name: 'listAlerts',
    method: 'GET',
    path: 'api/alerts',
    role: 'Ops.Read',
    summary:
      'What Azure Monitor told of: ?environment={name} for one, &since={time} for another span than the last week.',
    answers: { 200: Alerts },
    handler: getAlerts,
  },
  {
    name: 'getOperation',
    method: 'GET',
    path: 'api/operations/{id}',
    role: 'Ops.Read',
    summary: 'An operation: its state, its plan and the condition of each resource.',
    answers: { 200: Operation },
    handler: getOperation,
  },
  {
    name: 'approveOperation',
    method: 'POST',
    path: 'api/operations/{id}/approve',
    role: 'Ops.Approve',
    summary: 'Approves the plan of an operation that waits for it, by its hash.',
    answers: { 202: Accepted },
    handler: approveOperation,
  },
  {
    name: 'cancelOperation',
    method: 'POST',
    path: 'api/operations/{id}/cancel',
    role: 'Ops.Operate',
    summary: 'Ends an operation at its next look.',
    answers: { 202: Accepted },
    handler: cancelOperation,
  },
]
