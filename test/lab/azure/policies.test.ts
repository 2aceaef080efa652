import { expect, test } from 'vitest'
import { type Gateway, openGateway, SERVICE, SINGLE } from './gateway.ts'
import { GROUP } from './open.ts'

/** azure-facts 6.3, as people write it: quotes, ampersands and angle brackets stand as they are in expressions. */
const RAW = `<policies>
  <!-- the gateway of all teams -->
  <inbound>
    <base />
    <set-backend-service backend-id="aoai-pool" />
    <authentication-managed-identity resource="https://cognitiveservices.azure.com" output-token-variable-name="msi" ignore-error="false" />
    <set-header name="Authorization" exists-action="override"><value>@("Bearer " + (string)context.Variables["msi"])</value></set-header>
    <set-header name="api-key" exists-action="delete" />
    <set-variable name="model" value="@(context.Request.Body.As<JObject>(preserveContent: true)["model"]?.ToString() ?? "a ) b")" />
    <set-variable name="from" value="@{
      // a comment with " and )
      var limit = 3 < 4 && true ? '"' : '\\'';
      return @"c:\\""x"")" + limit;
    }" />
  </inbound>
  <backend>
    <retry condition="@(context.Response != null && (context.Response.StatusCode == 429 || context.Response.StatusCode >= 500))" count="2" interval="0" first-fast-retry="true">
      <set-backend-service backend-id="aoai-pool" />
      <forward-request buffer-request-body="true" timeout="240" fail-on-error-status-code="false" />
    </retry>
  </backend>
  <outbound><base /></outbound>
  <on-error><base /></on-error>
</policies>`

async function openApi() {
  const gateway = await openGateway()
  await gateway.put('backends/aoai-eastus', SINGLE)
  await gateway.put('backends/aoai-pool', {
    type: 'Pool',
    pool: { services: [{ id: '/backends/aoai-eastus' }] },
  })
  await gateway.put('apis/openai', { path: 'openai', displayName: 'AI' })
  return gateway
}

const policy = (value: string, format = 'rawxml') => ({ value, format })
const inbound = (inside: string) => `<policies><inbound>${inside}</inbound></policies>`
const faultsOf = (gateway: Gateway, value: string, at = 'apis/openai') =>
  gateway.faults(`${at}/policies/policy`, policy(value))

test('a raw document comes back indented anew, as xml or raw, and either form can be put again', async () => {
  const gateway = await openApi()
  const { apiPolicy } = gateway.apim
  // Not by apiPolicy.get: the client expects XML there and loses the value of a JSON answer.
  const read = async (query = '') =>
    (await gateway.get(`apis/openai/policies/policy${query}`)).body.properties
  const put = (again: { value: string; format: string }) =>
    apiPolicy.createOrUpdate(GROUP, SERVICE, 'openai', 'policy', again)
  const answered = await put(policy(RAW))
  const raw = await read('?format=rawxml')
  expect(raw.format).toBe('rawxml')
  expect(raw.value).not.toBe(RAW)
  expect(raw.value).toContain('\r\n\t\t<set-backend-service backend-id="aoai-pool" />\r\n')
  expect(raw.value).toContain('As<JObject>(preserveContent: true)["model"]?.ToString() ?? "a ) b")" />')
  expect(raw.value).toContain('<!-- the gateway of all teams -->')
  const xml = await read()
  expect(xml).toEqual({ format: 'xml', value: answered.value })
  expect(xml.value).toContain('As&lt;JObject&gt;(preserveContent: true)[&quot;model&quot;]')
  for (const again of [raw, xml]) {
    await put(again)
    expect(await read('?format=rawxml')).toEqual(raw)
  }
  const { eTag } = await apiPolicy.getEntityTag(GROUP, SERVICE, 'openai', 'policy')
  await apiPolicy.delete(GROUP, SERVICE, 'openai', 'policy', String(eTag))
  expect((await gateway.get('apis/openai/policies/policy')).body.error.code).toBe('ResourceNotFound')
})

test.each([
  [
    'a tag left open',
    '<policies>\n <inbound>\n  <base>\n </inbound>\n</policies>',
    /'base' start tag.*Line 4, position 2/,
  ],
  [
    'a raw quote in xml',
    '<policies><inbound><set-variable name="a" value="@("x")" /></inbound></policies>',
    /Line 1/,
  ],
  [
    'a raw ampersand in xml',
    `<policies><inbound>\n<set-variable name="a" value="@(1 && 2)" /></inbound></policies>`,
    /Line 2/,
  ],
  ['two roots', '<policies /><policies />', /multiple root elements/],
  ['nothing but space', '  ', /Root element is missing/],
])('xml with %s is refused with the line', async (_what, value, why) => {
  const gateway = await openApi()
  const [code, fault] = await gateway.faults('apis/openai/policies/policy', policy(value, 'xml'))
  expect([code, fault]).toEqual(['ValidationError', expect.stringMatching(why)])
})

test.each([
  [
    'an unknown section',
    '<policies><inbounds /></policies>',
    /'inbounds' on line 1, column 11: Unknown policy section/,
  ],
  ['a section twice', '<policies><inbound /><inbound /></policies>', /twice/],
  ['another root', '<policy />', /root element must be 'policies'/],
  [
    'base and a policy in backend',
    '<policies><backend><base /><forward-request /></backend></policies>',
    /single policy element/,
  ],
  [
    'two forward-requests',
    '<policies><backend><retry condition="@(true)" count="1" interval="0"><forward-request /><forward-request /></retry></backend></policies>',
    /one forward-request/,
  ],
  [
    'base in a branch',
    inbound('<choose><when condition="@(true)"><base /></when></choose>'),
    /directly in a policy section/,
  ],
  ['forward-request in inbound', inbound('<forward-request />'), /not allowed in the specified scope/],
  [
    'retry without a count',
    '<policies><backend><retry condition="@(true)" interval="1"><forward-request /></retry></backend></policies>',
    /'count' is missing/,
  ],
  [
    'two ways to a backend',
    inbound('<set-backend-service backend-id="aoai-pool" base-url="https://a" />'),
    /Exactly one/,
  ],
  ['an open expression', inbound('<set-variable name="a" value="@(1" /><base />'), /not closed/],
  [
    'an unknown backend',
    `<policies>\n\t<inbound>\n\t\t<set-backend-service backend-id="none" />\n\t</inbound>\n</policies>`,
    /^set-backend-service: Error in element 'set-backend-service' on line 3, column 3: Backend with id 'none' could not be found\.$/,
  ],
  [
    'an unknown named value',
    inbound('<set-variable name="a" value="{{none}}" />'),
    /^none: .*Cannot find a property 'none'/,
  ],
  [
    'an unknown fragment',
    inbound('<include-fragment fragment-id="none" />'),
    /Policy fragment with id 'none'/,
  ],
  [
    'an unknown logger',
    inbound('<log-to-eventhub logger-id="none">x</log-to-eventhub>'),
    /Logger with id 'none'/,
  ],
])('%s is refused', async (_what, value, why) => {
  const [code, fault] = await faultsOf(await openApi(), value)
  expect([code, fault]).toEqual(['ValidationError', expect.stringMatching(why)])
})

test('each scope has one policy; base is of no use at the widest, and an expression names any backend', async () => {
  const gateway = await openApi()
  await gateway.put('apis/openai/operations/chat', {
    displayName: 'Chat',
    method: 'POST',
    urlTemplate: '/chat',
  })
  await gateway.put('products/teams', { displayName: 'Teams' })
  const anyone = inbound('<base /><set-backend-service backend-id="@((string)context.Variables["pool"])" />')
  for (const scope of ['apis/openai', 'apis/openai/operations/chat', 'products/teams'])
    expect((await gateway.put(`${scope}/policies/policy`, policy(anyone))).status).toBe(201)
  const global = '<policies><inbound /><backend><forward-request /></backend><outbound /></policies>'
  expect(await gateway.faults('policies/policy', policy(anyone))).toHaveLength(2)
  expect((await gateway.put('policies/policy', policy(global))).status).toBe(201)
  expect((await gateway.put('policies/other', policy(global))).body.error.code).toBe('InvalidResourceName')
  const listed = await gateway.get('apis/openai/policies')
  expect(listed.body.value).toHaveLength(1)
  await gateway.remove('apis/openai')
  expect((await gateway.get('apis/openai/policies/policy')).status).toBe(404)
})

test('what a policy refers to cannot be taken away from it', async () => {
  const gateway = await openApi()
  await gateway.put(
    'policyFragments/limits',
    policy('<fragment><set-variable name="a" value="b" /></fragment>'),
  )
  await faultsOf(
    gateway,
    inbound('<include-fragment fragment-id="limits" /><set-backend-service backend-id="aoai-pool" />'),
  )
  const held = await gateway.remove('policyFragments/limits')
  expect([held.status, held.body.error.code, held.body.error.message]).toEqual([
    400,
    'ValidationError',
    "The Policy Fragment 'limits' is used by the following entities:\r\n/apis/openai/policies/policy\r\n",
  ])
  expect((await gateway.remove('backends/aoai-pool')).status).toBe(400)
  await gateway.remove('apis/openai/policies/policy')
  expect((await gateway.remove('policyFragments/limits')).status).toBe(200)
  expect((await gateway.remove('backends/aoai-pool')).status).toBe(200)
})

test('a fragment holds policies, not sections', async () => {
  const gateway = await openApi()
  const faults = (value: string) => gateway.faults('policyFragments/f', policy(value))
  expect((await faults('<fragment><base /></fragment>'))[1]).toMatch(/'base'.*not allowed/)
  expect((await faults('<fragment><inbound /></fragment>'))[1]).toMatch(/'inbound'/)
  expect((await faults('<policies />'))[1]).toMatch(/must be 'fragment'/)
  const { policyFragment } = gateway.apim
  await policyFragment.beginCreateOrUpdateAndWait(
    GROUP,
    SERVICE,
    'f',
    policy('<fragment><trace source="@("a")" /></fragment>'),
  )
  const raw = await policyFragment.get(GROUP, SERVICE, 'f', { format: 'rawxml' })
  expect(raw).toMatchObject({ format: 'rawxml', provisioningState: 'Succeeded' })
})
