import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalPolicy, samePolicy } from '../../src/gateway/canonical-policy.ts'
import { apiPolicy } from '../../src/gateway/policies.ts'
import { readXml, writeXml, type XmlElement } from '../../src/gateway/xml.ts'
import { documents } from './specs.ts'

const ours = Object.entries(documents).map(([name, spec]) => [name, apiPolicy(spec)] as const)

/** As Azure shows a policy asked for in format rawxml. */
const raw = (xml: string) =>
  xml
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

describe('the same policy', () => {
  test.each(ours)('%s, in rawxml', (_name, xml) => {
    expect(samePolicy(raw(xml), xml)).toBe(true)
  })
  test.each(ours)('%s, indented by tabs with CRLF', (_name, xml) => {
    expect(samePolicy(xml.replaceAll('  ', '\t\t').replaceAll('\n', '\r\n'), xml)).toBe(true)
  })
  test.each([
    ['attributes in another order', '<a><b x="1" y="2"/></a>', '<a><b y="2" x="1"/></a>'],
    ['single quotes', '<a x="1"/>', "<a x='1'/>"],
    ['an empty element written out', '<a><base/></a>', '<a><base></base></a>'],
    ['entities by number', '<a x="&quot;&lt;"/>', '<a x="&#34;&#x3c;"/>'],
    ['CDATA', '<a>1 &lt; 2</a>', '<a><![CDATA[1 < 2]]></a>'],
    ['comments and declaration', '<a><b/></a>', '<?xml version="1.0"?><!-- x --><a><!-- y --><b/></a>'],
    ['a text on a line of its own', '<a><value>x</value></a>', '<a>\n  <value>\n    x\n  </value>\n</a>'],
    ['rawxml with generics', '<a>@(Body.As&lt;JObject&gt;())</a>', '<a>@(Body.As<JObject>())</a>'],
    [
      'rawxml with brackets in strings',
      '<a x="@(f(&quot;)&quot;, &apos;(&apos;) &amp;&amp; true)"/>',
      `<a x="@(f(")", '(') && true)"/>`,
    ],
    [
      'rawxml with an empty string',
      '<a x="@(f(&quot;&quot;, &quot;y&quot;))" z="1"/>',
      '<a x="@(f("", "y"))" z="1"/>',
    ],
    ['rawxml that begins with a string', '<a x="@(&quot;y&quot; == z)"/>', '<a x="@("y" == z)"/>'],
    ['rawxml with a comparison', '<a x="@(1 &lt; 2 &amp;&amp; 3 &gt; 2)"/>', '<a x="@(1 < 2 && 3 > 2)"/>'],
    [
      'rawxml with a verbatim string',
      '<a x="@(@&quot;\\&quot;&quot;)&quot; == y)"/>',
      '<a x="@(@"\\"")" == y)"/>',
    ],
    [
      'a rawxml block',
      '<a>@{ if (x &lt; 1) { return &quot;}&quot;; } return y; }</a>',
      '<a>\n@{ if (x < 1) { return "}"; } return y; }\n</a>',
    ],
  ])('%s', (_name, a, b) => {
    expect(canonicalPolicy(b)).toBe(canonicalPolicy(a))
  })
})

describe('not the same policy', () => {
  test.each([
    ['another value', '<a x="1"/>', '<a x="2"/>'],
    ['white space within an attribute', '<a x="1 "/>', '<a x="1"/>'],
    ['an attribute less', '<a x="1"/>', '<a/>'],
    ['another order of elements', '<a><b/><c/></a>', '<a><c/><b/></a>'],
    ['an escaped entity and the character', '<a x="&amp;lt;"/>', '<a x="&lt;"/>'],
    ['an escaped number and the character', '<a x="&amp;#34;"/>', '<a x="&#34;"/>'],
    ['an empty text and an element', '<a><b/></a>', '<a>&lt;b/&gt;</a>'],
    ['another expression', '<a x="@(1 < 2 && "y" == z)"/>', '<a x="@(1 < 2 && "y" != z)"/>'],
  ])('%s', (_name, a, b) => {
    expect(canonicalPolicy(b)).not.toBe(canonicalPolicy(a))
  })
})

describe('refused', () => {
  test.each([
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', /DOCTYPE/],
    ['two roots', '<a/><b/>', /one element/],
    ['no root', ' ', /cannot read/],
    ['an element that is not closed', '<a><b></a>', /cannot read/],
    ['an expression that is not closed', '<a x="@(f(")"/>', /cannot read/],
  ])('%s', (_name, xml, why) => {
    expect(() => canonicalPolicy(xml)).toThrow(why)
  })
})

/** Any document: names as policies have them, values with everything that XML and C# find special. */
const value = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        "'",
        '<',
        '>',
        '&',
        '&amp;',
        '&#34;',
        '@(',
        ')',
        '@{',
        '}',
        '{{x}}',
        '\\',
        ']]>',
        '-->',
        ' ',
        '/>',
        '$@"',
      ),
      fc.string({ maxLength: 4 }),
      fc.string({ maxLength: 3, unit: 'grapheme' }),
    ),
    { maxLength: 8 },
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot carry is not a value
  .map((parts) => parts.join('').replace(/[\u0000-\u001f\ufffe\uffff]/g, ''))
const name = fc.constantFrom('policies', 'inbound', 'base', 'set-header', 'value', 'choose', 'when')
const { document } = fc.letrec<{ document: XmlElement }>((tie) => ({
  document: fc.record({
    name,
    attributes: fc.uniqueArray(fc.tuple(fc.constantFrom('name', 'condition', 'x-y', 'count'), value), {
      selector: ([key]) => key,
    }),
    children: fc.oneof(
      { maxDepth: 3 },
      value.map((text) => text.trim()).map((text) => (text === '' ? [] : [text])),
      fc.array(tie('document'), { maxLength: 3 }),
    ),
  }),
}))
/** So few that many are equal. */
const small: fc.Arbitrary<XmlElement> = fc.record({
  name: fc.constantFrom('a', 'b'),
  attributes: fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom('', '1', '&', '&amp;')), {
    selector: ([key]) => key,
  }),
  children: fc.constantFrom<XmlElement['children'][]>(
    [],
    ['1'],
    ['<b/>'],
    [{ name: 'b', attributes: [], children: [] }],
  ),
})
const sorted = (element: XmlElement): unknown => [
  element.name,
  element.attributes.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  element.children.map((child) => (typeof child === 'string' ? child : sorted(child))),
]

describe('for any document', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(document, fc.constantFrom('compact', 'indented'), (root, form) => {
        expect(sorted(readXml(writeXml(root, form)))).toEqual(sorted(root))
      }),
      { numRuns: 2000 },
    )
  })
  test('the canonical form of a canonical form is itself, and layout makes no difference', () => {
    fc.assert(
      fc.property(document, (root) => {
        const canonical = canonicalPolicy(writeXml(root, 'compact'))
        expect(canonicalPolicy(canonical)).toBe(canonical)
        expect(canonicalPolicy(writeXml(root, 'indented'))).toBe(canonical)
      }),
      { numRuns: 2000 },
    )
  })
  test('two are equal only if all their values are', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const equal = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
        expect(samePolicy(writeXml(a, 'compact'), writeXml(b, 'indented'))).toBe(equal)
      }),
      { numRuns: 2000 },
    )
  })
  test('one changed attribute is a change', () => {
    fc.assert(
      fc.property(document, value, value, (root, before, after) => {
        const having = (text: string) =>
          writeXml({ ...root, attributes: [...root.attributes, ['z', text]] }, 'compact')
        expect(samePolicy(having(before), having(after))).toBe(before === after)
      }),
      { numRuns: 2000 },
    )
  })
})
