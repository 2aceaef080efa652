import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileExpression } from '../../../lab/azure/gateway/expressions/compile.ts'
import { NotSimulated } from '../../../lab/azure/gateway/problems.ts'
import type { Running } from '../../../lab/azure/gateway/running.ts'
import { answer, EAST, openRuntime, policy, putApi, single } from './gateway-lab.ts'

/** C# as policies write it: values and types as .NET has them, and a name for whatever is not played. */

async function evaluating(expression: string, variables = '') {
  const lab = await openRuntime()
  lab.put('backends/east', single(EAST, { azureRegion: 'eastus' }))
  lab.backend(EAST, () => answer(200, { 'x-list': 'a' }, '{"usage":{"total":7},"list":["a","b"]}'))
  const shown = `<set-header name="x-value" exists-action="override"><value>@((${expression}).ToString())</value></set-header>`
  putApi(
    lab,
    policy(variables, {
      backend: '<forward-request buffer-request-body="true" buffer-response="false" />',
      outbound: shown,
      onError:
        '<set-header name="x-why" exists-action="override"><value>@(context.LastError.Message)</value></set-header>',
    }),
  )
  const { headers, text, status } = await lab.asks({
    path: '/openai/v1/chat/completions?q=1',
    body: '{"model":"gpt-4o","max_tokens":12,"stream":false,"parts":[{"text":"hi"}]}',
  })
  return { value: headers['x-value'], why: headers['x-why'], status, text }
}

const variable = (name: string, value: string) => `<set-variable name="${name}" value="${value}" />`

describe('an expression gives', () => {
  test.each([
    // literals and operators
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['7 / 2', '3'],
    ['-7 / 2', '-3'],
    ['7 % 4', '3'],
    ['7 / 2.0', '3.5'],
    ['1.5 + 1', '2.5'],
    ['2147483647 + 1', '-2147483648'],
    ['1 + "a" + 2', '1a2'],
    ['"a" + true', 'aTrue'],
    ['1 < 2 && !(2 < 1) || false', 'True'],
    ['1 == 1 ? "yes" : 2 > 1 ? "never" : "no"', 'yes'],
    ['false ? "a" : false ? "b" : "c"', 'c'],
    ['1.0 == 1', 'True'],
    ['"a" == "A"', 'False'],
    ['"tab\\t \\"quoted\\" \\u0041"', 'tab\t "quoted" A'],
    ['@"raw \\d ""x"""', 'raw \\d "x"'],
    // strings
    ['"responses-get".StartsWith("responses")', 'True'],
    ['"abc".Substring(1, 1) + "abc".Substring(2)', 'bc'],
    ['"a,b".Split(\',\')[1]', 'b'],
    ['" x ".Trim().ToUpper().Length', '1'],
    ['"abc".Replace("b", "").IndexOf("c")', '1'],
    ['string.IsNullOrEmpty("")', 'True'],
    ['string.IsNullOrWhiteSpace(" ")', 'True'],
    // static functions
    ['Math.Min(3, 2) + Math.Max(3, 2)', '5'],
    ['int.Parse("42") + 1', '43'],
    ['Regex.IsMatch("120", "^[1-9][0-9]{0,5}$")', 'True'],
    ['Regex.IsMatch("120s", "^[1-9][0-9]{0,5}$")', 'False'],
    [
      'Regex.Match("{\\"model\\": \\"gpt\\"}", "\\"model\\"\\\\s*:\\\\s*\\"([^\\"]+)\\"").Groups[1].Value',
      'gpt',
    ],
    ['Regex.Match("x", "y").Success', 'False'],
    ['Regex.Match("x", "y").Groups[1].Value', ''],
    // casts
    ['(int)3.9', '3'],
    ['(int)context.Elapsed.TotalMilliseconds', '100'],
    ['(string)context.Variables["word"] + (int)context.Variables["four"]', 'w4'],
    ['context.Variables.GetValueOrDefault<int>("four", 0) + 1', '5'],
    ['context.Variables.GetValueOrDefault<int>("none", 9)', '9'],
    ['context.Variables.ContainsKey("none")', 'False'],
    // JSON
    ['(string)context.Request.Body.As<JObject>(true)["model"]', 'gpt-4o'],
    ['(int)context.Request.Body.As<JObject>(preserveContent: true)["max_tokens"] + 1', '13'],
    ['context.Request.Body.As<JObject>(true)["parts"][0]["text"]', 'hi'],
    ['context.Request.Body.As<JObject>(true)["none"] == null', 'True'],
    ['(bool)context.Request.Body.As<JObject>(true)["stream"]', 'False'],
    ['context.Request.Body.As<string>(true).Contains("gpt")', 'True'],
    ['(int)context.Response.Body.As<JObject>(true)["usage"]["total"]', '7'],
    [
      'new JObject(new JProperty("a", 1), new JProperty("b", new JArray("x", true)))',
      '{\r\n  "a": 1,\r\n  "b": [\r\n    "x",\r\n    true\r\n  ]\r\n}',
    ],
    ['new JObject()', '{}'],
    // what a call is
    ['context.Request.Method', 'POST'],
    ['context.Request.Headers.GetValueOrDefault("Content-Type", "")', 'application/json'],
    ['context.Request.Headers.GetValueOrDefault("X-None", "other")', 'other'],
    ['context.Request.OriginalUrl.Path', '/openai/v1/chat/completions'],
    ['context.Request.OriginalUrl.Query.GetValueOrDefault("q", "")', '1'],
    ['context.Request.Url.Host', EAST],
    ['context.Response.StatusCode + 1', '201'],
    ['context.Response.Headers.ContainsKey("X-List")', 'True'],
    [
      'context.Api.Id + context.Api.Path + context.Operation.Id + context.Subscription.Name',
      'openaiopenaichatThe caller',
    ],
    ['context.Operation.UrlTemplate', '/v1/chat/completions'],
    ['context.Backend.Id + context.Backend.AzureRegion', 'easteastus'],
    ['context.Deployment.Region', 'East US'],
    ['context.LastError == null', 'True'],
    ['context.RequestId.ToString().Length', '36'],
    ['context.Product?.Id ?? "no product"', 'no product'],
  ])('%s → %s', async (expression, expected) => {
    const variables = variable('word', 'w') + variable('four', '@(4)')
    const { value, why, text } = await evaluating(expression, variables)
    expect(value, why ?? text).toBe(expected)
  })
})

describe('an expression throws, as C# would', () => {
  test.each([
    ['context.Variables["none"]', 'key was not present'],
    ['context.Response.Headers["None"]', 'key was not present'],
    ['(int)context.Variables["word"]', "type 'string' to type 'int'"],
    ['(string)context.Variables["four"]', "type 'int' to type 'string'"],
    ['int.Parse("x")', 'not in a correct format'],
    ['int.Parse("2147483648")', 'too large'],
    ['context.Product.Id', 'Object reference not set'],
    ['1 / 0', 'divide by zero'],
    ['"abc".Substring(4)', 'location within the string'],
    ['JObject.Parse("no json")', 'Error reading'],
    ['1 && true', "type 'int' to type 'bool'"],
    ['"a" == 1', "'string' and 'int'"],
  ])('%s: %s', async (expression, message) => {
    const variables = variable('word', 'w') + variable('four', '@(4)')
    const { status, why } = await evaluating(expression, variables)
    expect(status).toBe(500)
    expect(why).toContain('Expression evaluation failed')
    expect(why).toContain(message)
  })
})

describe('what is not played is named', () => {
  test.each([
    ['DateTime.UtcNow', "'DateTime' in an expression"],
    ['context.User.Id', 'context.User'],
    ['context.Request.Certificate', 'context.Request.Certificate'],
    ['context.Response.Body.AsFormUrlEncodedContent()', 'Body.AsFormUrlEncodedContent()'],
    ['"a".PadLeft(3)', 'string.PadLeft()'],
    ['"a".constructor', 'string.constructor'],
    ['Math.Sqrt(2)', 'Math.Sqrt()'],
    ['new Random()', 'new Random()'],
    ['1L', '1L'],
    ['$"{1}"', 'in an expression'],
    ['1 == 1 => 2', "'=>'"],
    ['Regex.IsMatch("a", "(?i)a")', 'the pattern (?i)a'],
  ])('%s', async (expression, named) => {
    const { status, text, why } = await evaluating(expression)
    expect([status, why]).toEqual([500, undefined])
    expect(JSON.parse(text).message).toContain('not simulated: ')
    expect(JSON.parse(text).message).toContain(named)
  })
  test('a statement block', async () => {
    const lab = await openRuntime()
    putApi(lab, policy('<set-variable name="x" value="@{ return 1; }" />'))
    expect((await lab.asks()).text).toContain('a statement block')
    expect(lab.gateway.unplayed(lab.serviceId)).toHaveLength(1)
  })
})

/** Random C# of ints and bools, and what it must give: worked out here, from the same draw and by no parser. */
type Drawn = { code: string; value: number | boolean }
const number = (): fc.Arbitrary<Drawn> =>
  fc.integer({ min: -50, max: 50 }).map((value) => ({ code: `(${value})`, value }))
const { int: drawnInt } = fc.letrec<{ int: Drawn; bool: Drawn }>((tie) => ({
  int: fc.oneof(
    { depthSize: 'small' },
    number(),
    fc.tuple(tie('int'), fc.constantFrom('+', '-', '*'), tie('int')).map(([a, operator, b]) => ({
      code: `(${a.code} ${operator} ${b.code})`,
      value: calculated(Number(a.value), operator, Number(b.value)),
    })),
    fc.tuple(tie('bool'), tie('int'), tie('int')).map(([a, b, c]) => ({
      code: `(${a.code} ? ${b.code} : ${c.code})`,
      value: a.value ? b.value : c.value,
    })),
  ),
  bool: fc.oneof(
    { depthSize: 'small' },
    fc.boolean().map((value) => ({ code: String(value), value })),
    fc
      .tuple(tie('int'), tie('int'))
      .map(([a, b]) => ({ code: `${a.code} < ${b.code}`, value: a.value < b.value })),
    fc
      .tuple(tie('bool'), tie('bool'))
      .map(([a, b]) => ({ code: `(${a.code} && !(${b.code}))`, value: a.value && !b.value })),
  ),
}))

const calculated = (a: number, operator: string, b: number) =>
  operator === '*' ? Math.imul(a, b) : (operator === '+' ? a + b : a - b) | 0

test('random arithmetic comes out as worked out by hand', () => {
  const run = {} as Running
  fc.assert(
    fc.property(drawnInt, ({ code, value }) => {
      expect(compileExpression(`@(${code})`)(run)).toBe(value)
    }),
    { numRuns: 2000 },
  )
})

test('no text makes the compiler do anything but compile or say what is not played', () => {
  const pieces = [
    'context',
    '.',
    'Request',
    '(',
    ')',
    '[',
    ']',
    '"a"',
    '1',
    '+',
    '?',
    ':',
    '<',
    '>',
    'new',
    'JObject',
    '!',
    '==',
    ' ',
    '@',
    "'",
    '\\',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (drawn) => {
      try {
        compileExpression(`@(${drawn.join('')})`)
      } catch (error) {
        expect(error).toBeInstanceOf(NotSimulated)
      }
    }),
    { numRuns: 3000 },
  )
})

test('a body that is read without preserving it is gone for the backend', async () => {
  const lab = await openRuntime()
  lab.put('backends/east', single(EAST))
  lab.backend(EAST, () => answer(200))
  putApi(lab, policy('<set-variable name="x" value="@(context.Request.Body.As<string>())" />'))
  await lab.asks()
  expect(lab.asked[0]?.body).toBe('')
})
