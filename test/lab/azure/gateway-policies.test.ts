import { describe, expect, test } from 'vitest'
import { Broken } from '../../../lab/azure/data/call.ts'
import { answer, EAST, header, KEY, openWith, policy } from './gateway-lab.ts'

/** Each policy by what it does to a call. */

describe('messages', () => {
  test.each([
    ['override', 'b', 'b'],
    ['skip', 'a', 'b'],
    ['append', 'a,b', 'b'],
    ['delete', undefined, undefined],
  ])('set-header with %s', async (action, there, absent) => {
    const lab = await openWith(policy(header('X-There', 'b', action) + header('X-Absent', 'b', action)))
    await lab.asks({ headers: { 'api-key': KEY, 'x-there': 'a' } })
    expect([lab.asked[0]?.headers['x-there'], lab.asked[0]?.headers['x-absent']]).toEqual([there, absent])
  })

  test('set-header in outbound is on the answer', async () => {
    const lab = await openWith(policy('', { outbound: header('x-own', 'ours') }))
    expect((await lab.asks()).headers).toEqual({ 'x-own': 'ours' })
  })

  test.each([
    ['delete', '', 'b=2'],
    ['override', '<value>9</value>', 'b=2&a=9'],
    ['append', '<value>9</value>', 'a=1&b=2&a=9'],
    ['skip', '<value>9</value>', 'a=1&b=2'],
  ])('set-query-parameter with %s', async (action, value, query) => {
    const lab = await openWith(
      policy(`<set-query-parameter name="a" exists-action="${action}">${value}</set-query-parameter>`),
    )
    await lab.asks({ path: '/openai/v1/chat/completions?a=1&b=2' })
    expect(lab.asked[0]?.path).toBe(`/openai/v1/chat/completions?${query}`)
  })

  test('set-body and set-method change what is sent', async () => {
    const lab = await openWith(
      policy(
        '<set-body>@("was " + context.Request.Body.As<string>(true).Length)</set-body><set-method>PUT</set-method>',
      ),
    )
    await lab.asks({ body: 'four', headers: { 'api-key': KEY, 'content-length': '4' } })
    expect(lab.asked).toMatchObject([{ method: 'PUT', body: 'was 4' }])
  })

  test('return-response answers at once: no backend, no outbound', async () => {
    const lab = await openWith(
      policy(
        `<return-response><set-status code="418" reason="Teapot" />${header('x-a', '1')}<set-body>no</set-body></return-response>`,
        { outbound: header('x-b', '2') },
      ),
    )
    expect(await lab.asks()).toEqual({ status: 418, headers: { 'x-a': '1' }, text: 'no', tookMs: 0 })
    expect(lab.asked).toEqual([])
  })

  test('return-response is the last that is executed, in its section and in those that inherit nothing', async () => {
    const other = (status: number) =>
      `<return-response><set-status code="${status}" reason="" /></return-response>`
    const whole = policy(`${other(201)}${other(202)}`, { outbound: other(203) })
    const lab = await openWith(whole.replace('<outbound><base />', '<outbound>'))
    expect((await lab.asks()).status).toBe(201)
  })

  test('choose takes the first branch that holds, or otherwise', async () => {
    const lab = await openWith(
      policy(
        `<choose><when condition="@(context.Request.Headers.ContainsKey("x-a"))">${header('x-way', 'a')}</when>` +
          `<when condition="@(context.Request.Headers.ContainsKey("x-b"))">${header('x-way', 'b')}</when><otherwise>${header('x-way', 'c')}</otherwise></choose>`,
      ),
    )
    for (const given of [{ 'x-a': '', 'x-b': '' }, { 'x-b': '' }, {}])
      await lab.asks({ headers: { 'api-key': KEY, ...given } })
    expect(lab.asked.map(({ headers }) => headers['x-way'])).toEqual(['a', 'b', 'c'])
  })

  test('trace evaluates and says nothing', async () => {
    const lab = await openWith(
      policy('<trace source="x" severity="error"><message>@("a" + 1)</message></trace>'),
    )
    expect((await lab.asks()).status).toBe(200)
  })
})

describe('backends', () => {
  test('bring their credentials: headers, query, authorization', async () => {
    const lab = await openWith(policy(''), {
      credentials: {
        header: { 'X-Key': ['a', 'b'] },
        query: { code: ['c d'] },
        authorization: { scheme: 'Basic', parameter: 'xyz' },
      },
    })
    await lab.asks({ path: '/openai/v1/chat/completions?a=1' })
    expect(lab.asked[0]).toMatchObject({
      path: '/openai/v1/chat/completions?a=1&code=c+d',
      headers: { 'x-key': 'a,b', authorization: 'Basic xyz' },
    })
  })

  test('see no header that was about the caller’s connection', async () => {
    const lab = await openWith(policy(''))
    await lab.asks({
      headers: { 'api-key': KEY, host: 'x', connection: 'keep-alive', 'transfer-encoding': 'chunked' },
    })
    expect(Object.keys(lab.asked[0]?.headers ?? {})).toEqual(['api-key'])
  })

  test.each([
    ['by certificate', { credentials: { certificateIds: ['x'] } }, 'credentials.certificateIds'],
    ['over http', { url: 'http://east.openai.azure.com' }, 'only https'],
  ])('%s are not played', async (_how, more, named) => {
    const lab = await openWith(policy(''), more)
    expect((await lab.asks()).text).toContain(named)
  })

  test('a certificate that fails, where none is to be validated, is not played', async () => {
    const lab = await openWith(policy(''), { tls: { validateCertificateName: false } })
    lab.backend(EAST, () => ({ unreached: 'CERT', because: 'wrong name' }))
    expect((await lab.asks()).text).toContain('not validated')
  })
})

describe('forward-request and retry', () => {
  const tries = (attributes: string, forward = 'buffer-request-body="true"') =>
    policy('', {
      backend: `<retry condition="@(context.Response == null || context.Response.StatusCode == 503)" ${attributes}><forward-request ${forward} /></retry>`,
      outbound: header('x-elapsed', '@((int)context.Elapsed.TotalSeconds)'),
    })

  test.each([
    ['the interval', 'count="3" interval="5"', 15],
    ['none before the first, when it is to be fast', 'count="3" interval="5" first-fast-retry="true"', 10],
    ['growing by delta', 'count="3" interval="5" delta="2"', 5 + 7 + 9],
    ['doubling up to a limit', 'count="3" interval="5" delta="2" max-interval="8"', 5 + 7 + 8],
  ])('waits on the virtual clock: %s', async (_what, attributes, seconds) => {
    const lab = await openWith(tries(attributes))
    lab.backend(EAST, () => answer(503, {}, '', 0))
    const { headers, tookMs } = await lab.asks()
    expect([lab.asked.length, headers['x-elapsed'], tookMs]).toEqual([4, String(seconds), seconds * 1000])
  })

  test('ends with the first answer that need not be tried again', async () => {
    const lab = await openWith(tries('count="5" interval="0"'))
    let left = 2
    lab.backend(EAST, () => answer(left-- > 0 ? 503 : 200))
    expect((await lab.asks()).status).toBe(200)
    expect(lab.asked).toHaveLength(3)
  })

  test('without buffer-request-body the second try sends nothing', async () => {
    const lab = await openWith(tries('count="1" interval="0"', ''))
    lab.backend(EAST, () => answer(503))
    await lab.asks({ body: 'prompt' })
    expect(lab.asked.map(({ body }) => body)).toEqual(['prompt', ''])
  })

  test('a time-out ends a try when it has passed, and takes that long', async () => {
    const lab = await openWith(tries('count="1" interval="0"', 'timeout="20"'))
    lab.backend(EAST, () => answer(200, {}, '{}', 20_001))
    const { status, tookMs } = await lab.asks()
    expect([status, tookMs, lab.asked.length]).toEqual([500, 40_000, 2])
    lab.backend(EAST, () => answer(200, {}, '{}', 20_000))
    expect((await lab.asks()).status).toBe(200)
  })

  test('a try without response ends the body of the retry, or lets it go on, as the switch says', async () => {
    const document = policy('', {
      backend: `<retry condition="@(context.Response == null)" count="1" interval="0"><forward-request /><set-variable name="after" value="yes" /></retry>`,
      onError: header('x-after', '@(context.Variables.GetValueOrDefault<string>("after", "no"))'),
      outbound: header('x-after', '@(context.Variables.GetValueOrDefault<string>("after", "no"))'),
    })
    const lab = await openWith(document)
    lab.backend(EAST, () => ({ unreached: 'ECONNREFUSED', because: 'nobody' }))
    expect((await lab.asks()).headers['x-after']).toBe('no')
    lab.gateway.switches.failedForward = 'continues'
    expect((await lab.asks()).headers['x-after']).toBe('yes')
  })
})

describe('streams', () => {
  async function* events(count: number, breaks = false) {
    for (let n = 0; n < count; n++) yield `data: {"n":${n}}\n\n`
    if (breaks) throw new Broken('reset')
  }
  const read = async (body: string | AsyncIterable<string>) => {
    const chunks: string[] = []
    for await (const chunk of typeof body === 'string' ? [body] : body) chunks.push(chunk)
    return chunks
  }

  test('pass chunk by chunk, or by 8 KB where the response is buffered', async () => {
    const lab = await openWith(policy(''))
    lab.backend(EAST, () => answer(200, {}, events(3)))
    expect(await read((await lab.call()).body)).toHaveLength(3)
    lab.put('apis/openai/policies/policy', {
      value: policy('', { backend: '<forward-request />' }),
      format: 'rawxml',
    })
    expect(await read((await lab.call()).body)).toHaveLength(1)
    lab.backend(EAST, () => answer(200, {}, events(1000)))
    expect(await read((await lab.call()).body)).toHaveLength(3)
  })

  test('count a token for each event, however the events fall into chunks', async () => {
    const lab = await openWith(policy(''))
    const chunks = async function* () {
      yield 'data: {"n":1}\n\ndata: {"n":2}\n\n'
      yield ': still here\n\n'
      yield ': and here\n\n'
      yield 'data: {"n":3}\n\ndata: [DONE]\n\n'
    }
    lab.backend(EAST, () => answer(200, {}, chunks()))
    await lab.asks({ body: 'x'.repeat(41) })
    expect(lab.answered[0]?.tokens).toEqual({ prompt: 11, completion: 3, isEstimate: true })
  })

  test('break for the caller where they break for the gateway', async () => {
    const lab = await openWith(policy(''))
    lab.backend(EAST, () => answer(200, {}, events(2, true)))
    const { body } = await lab.call()
    await expect(read(body)).rejects.toThrow(Broken)
    expect(lab.answered).toMatchObject([{ status: 200, tokens: { completion: 2, isEstimate: true } }])
  })

  test('are read whole where an expression reads the body', async () => {
    const lab = await openWith(
      policy('', { outbound: header('x-length', '@(context.Response.Body.As<string>(true).Length)') }),
    )
    lab.backend(EAST, () => answer(200, {}, events(2)))
    expect((await lab.asks()).headers['x-length']).toBe('30')
  })

  test('a caller who is gone before the head ends it: no retry, no trip', async () => {
    const lab = await openWith(
      policy('', {
        backend: '<retry condition="@(true)" count="5" interval="0"><forward-request /></retry>',
      }),
    )
    const caller = new AbortController()
    lab.backend(EAST, (call) => {
      caller.abort()
      expect(call.gone.aborted).toBe(true)
      return answer(500)
    })
    await lab.asks({ gone: caller.signal })
    expect(lab.asked).toHaveLength(1)
  })
})
