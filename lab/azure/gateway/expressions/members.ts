import { nameOf } from '../../arm/ids.ts'
import { readBody } from './body.ts'
import { factsOf } from './facts.ts'
import { cast, type Json, json, own, type Thing, Thrown, text, type Value } from './values.ts'

/** What stands behind a dot or in brackets, by the type of what is in front. A name that is not here is not simulated. */

export type Members<T> = {
  get?: Record<string, (self: T) => Value>
  call?: Record<string, (self: T, args: Value[], generic?: string) => Value>
  at?: (self: T, key: Value) => Value
}

const lower = (name: Value) => text(name).toLowerCase()

/** Strings by name: `ContainsKey`, `GetValueOrDefault`, and in brackets an error for what is missing. */
const dictionary = <T>(find: (self: T, name: Value) => Value | undefined): Members<T> => ({
  call: {
    ContainsKey: (self, [name = null]) => find(self, name) !== undefined,
    GetValueOrDefault: (self, [name = null, otherwise = null], generic) => {
      const found = find(self, name)
      if (found === undefined) return otherwise
      return generic ? cast(found, generic, true) : found
    },
  },
  at: (self, name) => {
    const found = find(self, name)
    if (found === undefined) throw new Thrown('The given key was not present in the dictionary.')
    return found
  },
})

const facts: Members<Extract<Thing, { of: Record<string, string> }>> = {}

export const MEMBERS: { [Is in Thing['is']]: Members<Extract<Thing, { is: Is }>> } = {
  context: {
    get: {
      Request: ({ run }) => ({ is: 'Request', run }),
      Response: ({ run }) => (run.response ? { is: 'Response', run } : null),
      Variables: ({ run }) => ({ is: 'Variables', run }),
      RequestId: ({ run }) => ({ is: 'Guid', value: run.requestId }),
      Elapsed: ({ run }) => ({ is: 'TimeSpan', ms: run.elapsedMs }),
      Api: ({ run }) => ({ is: 'Api', of: factsOf(run.api, { Name: 'displayName', Path: 'path' }) }),
      Operation: ({ run }) => ({
        is: 'Operation',
        of: factsOf(run.operation, { Name: 'displayName', Method: 'method', UrlTemplate: 'urlTemplate' }),
      }),
      Subscription: ({ run }) =>
        run.subscription && { is: 'Subscription', of: factsOf(run.subscription, { Name: 'displayName' }) },
      Product: ({ run }) =>
        run.product && { is: 'Product', of: factsOf(run.product, { Name: 'displayName' }) },
      Backend: ({ run }) =>
        run.backend && {
          is: 'Backend',
          of: factsOf(run.backend, { Type: 'type', AzureRegion: 'azureRegion' }),
        },
      Deployment: ({ run }) => ({
        is: 'Deployment',
        of: {
          Region: run.configuration.service.location ?? '',
          ServiceName: nameOf(run.configuration.service.id),
        },
      }),
      LastError: ({ run }) => run.lastError && { is: 'LastError', of: run.lastError },
    },
  },
  Request: {
    get: {
      Method: ({ run }) => run.request.method,
      Headers: ({ run }) => ({ is: 'Headers', headers: run.request.headers }),
      Url: ({ run }) => ({ is: 'Url', url: run.request.url }),
      OriginalUrl: ({ run }) => ({ is: 'Url', url: `https://${run.call.host}${run.call.path}` }),
      Body: ({ run }) => (run.call.body === '' && !run.request.body ? null : { is: 'Body', of: run.request }),
      MatchedParameters: ({ run }) => ({ is: 'Parameters', parameters: run.parameters }),
    },
  },
  Response: {
    get: {
      StatusCode: ({ run }) => run.response?.status ?? null,
      StatusReason: ({ run }) => run.response?.reason ?? null,
      Headers: ({ run }) => ({ is: 'Headers', headers: run.response?.headers ?? {} }),
      Body: ({ run }) => run.response && { is: 'Body', of: run.response },
    },
  },
  Variables: dictionary(({ run }, name) => run.variables.get(text(name))),
  Headers: dictionary(({ headers }, name) => own(headers, lower(name))),
  Parameters: dictionary(({ parameters }, name) => own(parameters, text(name))),
  Query: dictionary(({ query }, name) => query.get(text(name)) ?? undefined),
  Body: { call: { As: ({ of }, [keep = false], generic) => readBody(of, keep === true, generic) } },
  Url: {
    get: {
      Scheme: ({ url }) => new URL(url).protocol.replace(':', ''),
      Host: ({ url }) => new URL(url).hostname,
      Path: ({ url }) => new URL(url).pathname,
      QueryString: ({ url }) => new URL(url).search,
      Query: ({ url }) => ({ is: 'Query', query: new URL(url).searchParams }),
    },
  },
  JToken: {
    at: ({ value }, key) => tokenAt(value, key),
    call: {
      ContainsKey: ({ value }, [key = null]) => isObject(value) && Object.hasOwn(value, text(key)),
      Value: ({ value }, [key = null], generic) => cast(tokenAt(value, key), generic ?? 'object', false),
    },
    get: {
      Count: ({ value }) => (value !== null && typeof value === 'object' ? Object.keys(value).length : 0),
    },
  },
  JProperty: { get: { Name: ({ name }) => name, Value: ({ value }) => ({ is: 'JToken', value }) } },
  TimeSpan: {
    get: {
      TotalMilliseconds: ({ ms }) => ({ is: 'double', value: ms }),
      TotalSeconds: ({ ms }) => ({ is: 'double', value: ms / 1000 }),
    },
  },
  Match: {
    get: {
      Success: ({ found }) => found !== null,
      Value: ({ found }) => found?.[0] ?? '',
      Groups: ({ found }) => ({ is: 'Groups', found }),
    },
  },
  Groups: {
    at: ({ found }, key) => ({
      is: 'Group',
      value: typeof key === 'number' ? found?.[key] : found?.groups?.[text(key)],
    }),
  },
  Group: { get: { Success: ({ value }) => value !== undefined, Value: ({ value }) => value ?? '' } },
  strings: {
    get: { Length: ({ values }) => values.length },
    at: ({ values }, key) => {
      const found = typeof key === 'number' ? values[key] : undefined
      if (found === undefined) throw new Thrown('Index was outside the bounds of the array.')
      return found
    },
  },
  Api: facts,
  Operation: facts,
  Subscription: facts,
  Product: facts,
  Backend: facts,
  Deployment: facts,
  LastError: facts,
  Guid: {},
  double: {},
}

const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function tokenAt(value: Json, key: Value): Value {
  if (Array.isArray(value) && typeof key === 'number') {
    const found = value[key]
    if (found === undefined) throw new Thrown('Index was out of range.')
    return { is: 'JToken', value: found }
  }
  if (!isObject(value) || typeof key !== 'string')
    throw new Thrown(
      `Cannot access child value on ${Array.isArray(value) ? 'JArray' : 'JValue'} with key ${JSON.stringify(json(key))}.`,
    )
  const found = own(value, key)
  return found === undefined ? null : { is: 'JToken', value: found }
}
