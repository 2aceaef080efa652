/** What a front says. */
export type Said = { status: number; body: string; headers?: Record<string, string> }

export type FrontWords = {
  contentType: string
  audience: RegExp
  /** One of these is needed; none listed: the service keeps its roles to itself. */
  roles: string[]
  /** From the internet, where public access is off. */
  closed(host: string): Said
  /** Without a token that is good here. */
  nameless(tenantId: string): Said
  /** With one, and without a role. */
  roleless(host: string): Said
  /** What a service without any data in it answers to this read; undefined: not played. */
  empty?(path: string): Said | undefined
}

const xml = (code: string, message: string) =>
  `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
const json = (code: string, message: string, more: object = {}) =>
  JSON.stringify({ error: { code, message, ...more } })

const challenge = (tenantId: string, resource: string) => ({
  'www-authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize resource_id=${resource}`,
})

/** By type, in lower case. The words are those of the services' documents and of answers seen; unverified where a service has several. */
export const FRONTS: Record<string, FrontWords> = {
  'microsoft.storage/storageaccounts': {
    contentType: 'application/xml',
    audience:
      /^https:\/\/(storage\.azure\.com|[a-z0-9]+\.(blob|queue|table|file|dfs)\.core\.windows\.net)\/?$/,
    roles: [
      'Storage Blob Data Owner',
      'Storage Blob Data Contributor',
      'Storage Blob Data Reader',
      'Storage Queue Data Contributor',
      'Storage Queue Data Message Processor',
      'Storage Table Data Contributor',
    ],
    closed: () => ({
      status: 403,
      body: xml('AuthorizationFailure', 'This request is not authorized to perform this operation.'),
    }),
    nameless: (tenantId) => ({
      status: 401,
      headers: challenge(tenantId, 'https://storage.azure.com'),
      body: xml(
        'NoAuthenticationInformation',
        'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
      ),
    }),
    roleless: () => ({
      status: 403,
      body: xml(
        'AuthorizationPermissionMismatch',
        'This request is not authorized to perform this operation using this permission.',
      ),
    }),
    empty: (path) =>
      /^\/\?(.*&)?comp=list(&|$)/.test(path)
        ? {
            status: 200,
            body: '<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Containers /><NextMarker /></EnumerationResults>',
          }
        : undefined,
  },
  'microsoft.search/searchservices': {
    contentType: 'application/json',
    audience: /^https:\/\/search\.azure\.com\/?$/,
    roles: ['Search Service Contributor', 'Search Index Data Contributor', 'Search Index Data Reader'],
    closed: () => ({ status: 403, body: json('', 'Public network access is disabled for this service.') }),
    nameless: () => ({ status: 403, body: '' }),
    roleless: () => ({ status: 403, body: '' }),
    empty: (path) => {
      const index = /^\/indexes\/([^/?]+)/.exec(path)?.[1]
      return index === undefined
        ? undefined
        : { status: 404, body: json('', `No index with the name '${index}' was found in the service.`) }
    },
  },
  'microsoft.documentdb/databaseaccounts': {
    contentType: 'application/json',
    audience: /^https:\/\/(cosmos\.azure\.com|[a-z0-9-]+\.documents\.azure\.com)(:443)?\/?$/,
    roles: [],
    closed: () => ({
      status: 403,
      body: JSON.stringify({
        code: 'Forbidden',
        message:
          'Request originated from IP through public internet. This is blocked by your Cosmos DB account firewall settings. More info: https://aka.ms/cosmosdb-tsg-forbidden.',
      }),
    }),
    nameless: () => ({
      status: 401,
      body: JSON.stringify({
        code: 'Unauthorized',
        message: "Required Header 'authorization' is missing. Ensure a valid Authorization token is passed.",
      }),
    }),
    roleless: () => ({ status: 403, body: '' }),
  },
  'microsoft.keyvault/vaults': {
    contentType: 'application/json',
    audience: /^https:\/\/vault\.azure\.net\/?$/,
    roles: ['Key Vault Secrets User', 'Key Vault Secrets Officer'],
    closed: () => ({
      status: 403,
      body: json(
        'Forbidden',
        'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
        { innererror: { code: 'ForbiddenByConnection' } },
      ),
    }),
    nameless: (tenantId) => ({
      status: 401,
      headers: {
        'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="https://vault.azure.net"`,
      },
      body: json('Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.'),
    }),
    roleless: () => ({
      status: 403,
      body: json('Forbidden', 'Caller is not authorized to perform action on resource.', {
        innererror: { code: 'ForbiddenByRbac' },
      }),
    }),
  },
  'microsoft.eventhub/namespaces': {
    contentType: 'application/xml',
    audience: /^https:\/\/(eventhubs\.azure\.net|[a-z0-9-]+\.servicebus\.windows\.net)\/?$/,
    roles: ['Azure Event Hubs Data Owner', 'Azure Event Hubs Data Sender', 'Azure Event Hubs Data Receiver'],
    closed: () => ({
      status: 403,
      body: '<Error><Code>403</Code><Detail>Ip has been prevented to connect to the endpoint.</Detail></Error>',
    }),
    nameless: () => ({
      status: 401,
      body: '<Error><Code>401</Code><Detail>MissingToken: The authorization header was not found.</Detail></Error>',
    }),
    roleless: (host) => ({
      status: 401,
      body: `<Error><Code>401</Code><Detail>Unauthorized access. 'Send' claim(s) are required to perform this operation. Resource: '${host}'.</Detail></Error>`,
    }),
  },
}
