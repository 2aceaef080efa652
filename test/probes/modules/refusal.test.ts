import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { errorIn } from '../../../src/probes/error-body.ts'
import { reasons } from '../../../src/probes/reason.ts'
import { judgeRefusal, type Refused } from '../../../src/probes/refusal.ts'

/** Refusals as the services word them, and what they mean for a call that had to work. */
const refused = (status: number, body: string, more: Partial<Refused> = {}) =>
  judgeRefusal({ status, body, headers: {}, host: 'contoso.example', layer: 'model', signed: true, ...more })
const front = (code: string, message: string) => JSON.stringify({ error: { code, message } })
const gateways = (statusCode: number, message: string) => JSON.stringify({ statusCode, message })
const xml = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`
const lacks =
  'The principal `a9960000-1111-4222-8333-444444444444` lacks the required data action `Microsoft.CognitiveServices/accounts/AIServices/agents/write` to perform `POST` operation.'

const cases: [
  what: string,
  ReturnType<typeof refused>,
  reason: string,
  stoppedIn: string,
  result?: string,
][] = [
  ['a missing role as 403', refused(403, front('PermissionDenied', lacks)), 'MissingRole', 'role'],
  [
    'a missing role as 401, as public reports show it',
    refused(401, front('PermissionDenied', lacks)),
    'MissingRole',
    'role',
  ],
  ['storage without the role', refused(403, xml('AuthorizationPermissionMismatch')), 'MissingRole', 'role'],
  [
    'Event Hubs without the role',
    refused(401, "<Error><Code>401</Code><Detail>'Send' claim(s) are required.</Detail></Error>"),
    'MissingRole',
    'role',
  ],
  [
    'Key Vault without the role',
    refused(
      403,
      JSON.stringify({
        error: { code: 'Forbidden', message: 'No.', innererror: { code: 'ForbiddenByRbac' } },
      }),
    ),
    'MissingRole',
    'role',
  ],
  [
    'search, which says nothing, when the probe knows the role',
    refused(403, '', { role: 'Search Index Data Contributor at contoso-search' }),
    'MissingRole',
    'role',
  ],
  ['search, which says nothing', refused(403, ''), 'Forbidden', 'role'],
  [
    'a private account by the public way',
    refused(403, front('AccessDenied', 'Public access is disabled. Please configure private endpoint.')),
    'ArrivedPublicly',
    'dns',
  ],
  ['storage by the public way', refused(403, xml('AuthorizationFailure')), 'ArrivedPublicly', 'dns'],
  [
    'keys that are off',
    refused(403, front('AuthenticationTypeDisabled', 'Key based authentication is disabled.')),
    'KeysDisabled',
    'role',
  ],
  ['a token for somebody else', refused(401, front('401', 'audience is incorrect')), 'Unauthorized', 'token'],
  ['no token where one is needed', refused(401, '', { signed: false }), 'Unauthorized', 'model'],
  [
    'the gateway’s own 401',
    refused(401, gateways(401, 'Access denied due to missing subscription key.')),
    'Unauthorized',
    'gateway',
  ],
  ['the gateway’s quota', refused(403, gateways(403, 'Out of call volume quota.')), 'Throttled', 'gateway'],
  [
    'no deployment',
    refused(404, front('DeploymentNotFound', 'The API deployment for this resource does not exist.')),
    'DeploymentNotFound',
    'model',
  ],
  [
    'no operation of the gateway',
    refused(404, gateways(404, 'Resource not found')),
    'OperationNotFound',
    'gateway',
  ],
  ['nothing there', refused(404, front('404', 'Resource not found')), 'NotFound', 'model'],
  [
    'not yet',
    refused(400, front('CapabilityHostNotReady', 'The project cannot run agents.')),
    'NotReady',
    'model',
  ],
  [
    'a form that is refused',
    refused(400, front('OperationNotSupported', 'No embeddings.')),
    'BadRequest',
    'model',
    'inconclusive',
  ],
  [
    'a moment’s limit',
    refused(429, front('429', 'Please retry.'), { headers: { 'retry-after': '12' } }),
    'Throttled',
    'model',
    'inconclusive',
  ],
  [
    'a day’s limit',
    refused(429, front('429', 'Please retry.'), { headers: { 'retry-after': '86400' } }),
    'Throttled',
    'model',
  ],
  [
    'a limit of nothing',
    refused(429, front('429', ''), { headers: { 'x-ratelimit-limit-tokens': '0' } }),
    'Throttled',
    'model',
  ],
  [
    'no member of the pool',
    refused(503, front('no_capacity', 'No model backend could answer.')),
    'NoCapacity',
    'model',
  ],
  ['the gateway broken', refused(500, gateways(500, 'Internal server error')), 'ServerError', 'gateway'],
  [
    'a backend broken, as the gateway relays it',
    refused(500, '', { headers: { 'x-backend-retry': '2' }, layer: 'gateway' }),
    'ServerError',
    'model',
  ],
  ['not implemented', refused(501, ''), 'NotImplemented', 'model', 'inconclusive'],
  [
    'a redirect',
    refused(302, '', { headers: { location: 'https://elsewhere.example/login' } }),
    'RedirectedElsewhere',
    'model',
  ],
]

test.each(cases)('%s', (_, judgement, reason, stoppedIn, result = 'fail') => {
  expect(judgement).toMatchObject({ reason, stoppedIn, result })
})

describe('in words', () => {
  test('a missing role is named by its data action, with who lacks it and where', () => {
    expect(refused(403, front('PermissionDenied', lacks)).why).toBe(
      'role Foundry User at contoso.example is missing (data action Microsoft.CognitiveServices/accounts/AIServices/agents/write, principal a9960000-1111-4222-8333-444444444444, contoso.example answered 403)',
    )
  })

  test('by what the probe knows, where it knows it', () => {
    const role = 'Cognitive Services OpenAI User at contoso-eus'
    expect(refused(401, front('PermissionDenied', lacks), { role }).why).toContain(`role ${role} is missing`)
  })

  test('a redirect names where to, and no more of it', () => {
    const headers = { location: 'https://elsewhere.example/login?code=secret' }
    expect(refused(302, '', { headers }).why).toBe(
      'contoso.example answered 302, to https://elsewhere.example',
    )
  })

  test('a long message is cut', () => {
    expect(refused(500, front('Boom', 'x'.repeat(5000))).why.length).toBeLessThan(300)
  })
})

test.each([
  ['', '', ''],
  ['<html>502 Bad Gateway</html>', '', ''],
  ['[1, 2]', '', ''],
  ['{"error": "plain"}', '', ''],
  ['{"code": "Forbidden", "message": "No."}', 'Forbidden', 'No.'],
])('%o has the code %o and the message %o', (body, code, message) => {
  expect(errorIn(body)).toEqual({ code, message })
})

test('the documentation has every reason, as the table has it', () => {
  const shown = readFileSync('docs/probes.md', 'utf8')
  for (const [reason, says] of Object.entries(reasons)) expect(shown).toContain(`| \`${reason}\` | ${says} |`)
})
