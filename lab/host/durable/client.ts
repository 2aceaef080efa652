// What the durableClient input binding hands to the app (functions-host.md, E10). The SDK's client works by `rpcBaseUrl` alone; the
// other addresses are what it would hand out to callers, and the product never does.
import type { LoadedFunction, TypedData } from '../worker/worker.ts'

export interface ClientOptions {
  hubName: string
  origin: string
}

/** The key of Durable's public mount. */
export const systemKey = 'lab-durable-key'

export function clientBinding({ hubName, origin }: ClientOptions): string {
  const base = mount(origin)
  const create = `${base}/orchestrators/{functionName}[/{instanceId}]`
  const code = `code=${systemKey}`
  return JSON.stringify({
    taskHubName: hubName,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: `${create}?${code}`,
      createAndWaitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${code}`,
    },
    managementUrls: managementUrls('INSTANCEID', { hubName, origin }),
    baseUrl: base,
    requiredQueryStringParameters: code,
    rpcBaseUrl: `${origin}/durabletask/`,
  })
}

export function managementUrls(id: string, { hubName, origin }: ClientOptions) {
  const instance = `${mount(origin)}/instances/${encodeURIComponent(id)}`
  const query = `taskHub=${hubName}&connection=Storage&code=${systemKey}`
  return {
    id,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  }
}

const mount = (origin: string) => `${origin}/runtime/webhooks/durabletask`

/** The same value for each durableClient binding of a function. */
export function clientInputs(fn: LoadedFunction, binding: string): Record<string, TypedData> {
  const inputs: Record<string, TypedData> = {}
  for (const [name, { type, direction }] of Object.entries(fn.bindings)) {
    if (direction === 'in' && type.toLowerCase() === 'durableclient') inputs[name] = { string: binding }
  }
  return inputs
}
