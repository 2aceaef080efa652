import { describe, expect, test } from 'vitest'
import { probe } from '../../gateway/specs.ts'
import { answer, EAST, header, KEY, openWith, policy } from './gateway-lab.ts'

/** Who is let in, signs, and how much a caller may have. */

describe('identities', () => {
  const signed = policy('<authentication-managed-identity resource="https://cognitiveservices.azure.com" />')

  test('the service signs with a token of its own, kept until it is nearly over', async () => {
    const lab = await openWith(signed)
    await lab.asks({ headers: { 'api-key': KEY, authorization: 'Bearer theirs' } })
    await lab.asks()
    lab.advance(86_400 - 301)
    await lab.asks()
    lab.advance(2)
    await lab.asks()
    const tokens = lab.asked.map(({ headers }) => headers['authorization'])
    expect(new Set(tokens.slice(0, 3)).size).toBe(1)
    expect(tokens[3]).not.toBe(tokens[0])
    const { principalId } = JSON.parse(
      JSON.stringify(
        await lab.claims(tokens[0]).then((claims) => ({ principalId: claims?.oid, aud: claims?.aud })),
      ),
    )
    expect(lab.azure.world.principals.get(principalId)?.of).toBe(lab.serviceId)
    expect((await lab.claims(tokens[0]))?.aud).toBe('https://cognitiveservices.azure.com')
  })

  test('the token goes to a variable where one is named', async () => {
    const lab = await openWith(
      policy(
        '<authentication-managed-identity resource="https://x" output-token-variable-name="t" />' +
          header('x-t', '@((string)context.Variables["t"])'),
      ),
    )
    await lab.asks()
    expect(lab.asked[0]?.headers['authorization']).toBeUndefined()
    expect((await lab.claims(lab.asked[0]?.headers['x-t']))?.aud).toBe('https://x')
  })

  test('a service without an identity has none to sign with, unless errors are ignored', async () => {
    const lab = await openWith(signed)
    lab.putService({ type: 'None' })
    expect([(await lab.asks()).status, lab.asked.length]).toEqual([500, 0])
    lab.put('apis/openai/policies/policy', {
      value: signed.replace('/></inbound>', 'ignore-error="true" /></inbound>'),
      format: 'rawxml',
    })
    expect((await lab.asks()).status).toBe(200)
  })

  const validating = policy(
    `<validate-azure-ad-token tenant-id="77777777-8888-4999-8aaa-bbbbbbbbbbbb" header-name="Authorization" failed-validation-httpcode="401">` +
      `<client-application-ids><application-id>${probe.clientId}</application-id></client-application-ids><audiences><audience>${probe.audience}</audience></audiences></validate-azure-ad-token>`,
  )
  const good = { audience: probe.audience, objectId: crypto.randomUUID(), appId: probe.clientId }

  test.each([
    ['fits', good, 0, 200],
    ['is of another application', { ...good, appId: 'other' }, 0, 401],
    ['is for another audience', { ...good, audience: 'https://ai.azure.com' }, 0, 401],
    ['is over', { ...good, seconds: 60 }, 61, 401],
    ['is no token of this tenant', undefined, 0, 401],
  ])('a caller’s token that %s', async (_what, asked, later, status) => {
    const lab = await openWith(validating)
    const token = asked ? (await lab.tokens.issue(asked)).token : 'rubbish'
    lab.advance(later)
    const got = await lab.asks({ headers: { 'api-key': KEY, authorization: `Bearer ${token}` } })
    expect(got.status).toBe(status)
    if (status === 401)
      expect(JSON.parse(got.text)).toEqual({ statusCode: 401, message: 'Invalid Azure AD JWT.' })
    expect(lab.asked).toHaveLength(status === 200 ? 1 : 0)
  })

  test.each([
    ['any of these', 'any', ['/projects/main', '/projects/other'], '/projects/main', 200],
    ['none of these', 'any', ['/projects/other'], '/projects/main', 401],
    ['these in another case', 'any', ['/Projects/main'], '/projects/main', 401],
    ['not all of these', 'all', ['/projects/main', '/projects/other'], '/projects/main', 401],
    ['whatever it says, if it is there', 'all', [], '/projects/main', 200],
    ['nothing, for it is not there', 'all', [], undefined, 401],
  ])('a required claim that says %s', async (_what, match, values, identityOf, status) => {
    const claim = `<claim name="xms_mirid" match="${match}">${values.map((it) => `<value>${it}</value>`).join('')}</claim>`
    const lab = await openWith(
      validating.replace('</audiences>', `</audiences><required-claims>${claim}</required-claims>`),
    )
    const { token } = await lab.tokens.issue({ ...good, ...(identityOf ? { identityOf } : {}) })
    const headers = { 'api-key': KEY, authorization: `Bearer ${token}` }
    expect((await lab.asks({ headers })).status).toBe(status)
  })

  test('a caller’s token of another tenant is refused', async () => {
    const lab = await openWith(validating.replace(/tenant-id="[^"]+"/, `tenant-id="${probe.tenantId}"`))
    const { token } = await lab.tokens.issue(good)
    const headers = { 'api-key': KEY, authorization: `Bearer ${token}` }
    expect((await lab.asks({ headers })).status).toBe(401)
  })

  test('a caller without a token is told that', async () => {
    const lab = await openWith(validating)
    expect(JSON.parse((await lab.asks()).text)).toEqual({
      statusCode: 401,
      message: 'Azure AD JWT not present.',
    })
  })
})

describe('limits', () => {
  const rate = policy(
    '<rate-limit-by-key calls="2" renewal-period="60" counter-key="@(context.Subscription.Id)" retry-after-header-name="Retry-After" remaining-calls-header-name="x-left" />',
  )

  test('rate-limit-by-key counts calls in a window that slides, by key', async () => {
    const lab = await openWith(rate)
    lab.put('subscriptions/other', { displayName: 'x', scope: '/apis', state: 'active', primaryKey: 'k2' })
    expect((await lab.asks()).headers['x-left']).toBe('1')
    lab.advance(20)
    await lab.asks()
    const refused = await lab.asks()
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '40' } })
    expect(JSON.parse(refused.text)).toEqual({
      statusCode: 429,
      message: 'Rate limit is exceeded. Try again in 40 seconds.',
    })
    expect((await lab.asks({ headers: { 'api-key': 'k2' } })).status).toBe(200)
    lab.advance(40)
    expect([(await lab.asks()).status, (await lab.asks()).status]).toEqual([200, 429])
  })

  test('each unit counts for itself', async () => {
    const lab = await openWith(rate)
    lab.gateway.switches.units = 2
    const statuses = []
    for (let each = 0; each < 40; each++) statuses.push((await lab.asks()).status)
    expect(statuses.filter((it) => it === 200)).toHaveLength(4)
  })

  const usage = (prompt: number, completion: number) =>
    answer(200, {}, JSON.stringify({ usage: { prompt_tokens: prompt, completion_tokens: completion } }))
  const tokens = (estimates: boolean) =>
    policy(
      `<llm-token-limit counter-key="x" tokens-per-minute="100" estimate-prompt-tokens="${estimates}" retry-after-header-name="Retry-After" remaining-tokens-header-name="x-left" tokens-consumed-header-name="x-used" />`,
    )

  test('llm-token-limit counts what the model reports, and lets in while anything is left', async () => {
    const lab = await openWith(tokens(false))
    lab.backend(EAST, () => usage(40, 50))
    expect((await lab.asks()).headers).toMatchObject({ 'x-left': '10', 'x-used': '90' })
    lab.advance(10)
    expect((await lab.asks()).status).toBe(200)
    expect(await lab.asks()).toMatchObject({ status: 429, headers: { 'retry-after': '50' } })
    lab.advance(50)
    expect((await lab.asks()).status).toBe(200)
  })

  test('with an estimate a prompt that cannot fit is not sent', async () => {
    const lab = await openWith(tokens(true))
    lab.backend(EAST, () => usage(5, 5))
    expect((await lab.asks({ body: 'x'.repeat(401) })).status).toBe(429)
    expect(lab.asked).toEqual([])
  })

  test('a stream counts by an estimate', async () => {
    const lab = await openWith(tokens(false))
    lab.backend(EAST, () =>
      answer(
        200,
        {},
        (async function* () {
          for (let n = 0; n < 100; n++) yield 'data: {}\n\n'
        })(),
      ),
    )
    await lab.asks()
    expect((await lab.asks()).status).toBe(429)
  })

  test('token metrics are told with their dimensions', async () => {
    const lab = await openWith(
      policy(
        '<llm-emit-token-metric namespace="contoso"><dimension name="API" value="@(context.Api.Id)" /></llm-emit-token-metric>',
      ),
    )
    await lab.asks()
    expect(lab.answered[0]?.metrics).toEqual([{ namespace: 'contoso', dimensions: { API: 'openai' } }])
  })
})
