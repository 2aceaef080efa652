import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from '../../src/environment/parse.ts'

const contoso = readFileSync('examples/small.yaml', 'utf8')

/** The example with one line put in place of another. */
const with_ = (from: string | RegExp, to: string) => {
  const changed = contoso.replace(from, to)
  if (changed === contoso) throw new Error(`the example has no ${from}`)
  return changed
}

const faultsOf = (body: string, name = 'contoso') => {
  const parsed = parse(body, name)
  return 'faults' in parsed ? parsed.faults : []
}

test('the example is a valid document, and reads the same as YAML and as JSON', () => {
  const yaml = parse(contoso, 'contoso')
  if ('faults' in yaml) throw new Error(JSON.stringify(yaml.faults))
  expect(yaml.document.gateway.apim).toMatchObject({ name: 'contoso-apim', units: 1 })
  expect(parse(JSON.stringify(yaml.document), 'contoso')).toEqual(yaml)
})

test('every fault is named at once, whatever kinds they are of', () => {
  const body = with_('sku: Developer', 'sku: Basic')
    .replace('192.168.1.0/27', '192.168.1.1/27')
    .replace('location: eastus', 'region: eastus')
  expect(
    faultsOf(body)
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual(['gateway.apim.sku', 'location', 'network.subnets.apim', 'region'])
})

test('names, tags and ranges at their very limits are taken', () => {
  const long = (length: number) => 'a'.repeat(length)
  const limits: [from: string | RegExp, to: string][] = [
    ['rg-contoso-ai', long(90)],
    ['vnet-contoso-ai', long(64)],
    ['snet-agents-ops', long(80)],
    ['name: contoso-apim', `name: ${long(50)}`],
    ['name: Contoso,', `name: ${long(100)},`],
    ['owner: platform', `${long(512)}: ${long(256)}`],
    ['192.168.1.0/27', '192.168.1.0/29'],
    ['192.168.2.0/26', '192.168.2.0/28'],
    ['    subnet: 192.168.4.0/24', '    subnet: 192.168.4.0/27'],
  ]
  for (const [from, to] of limits) expect(faultsOf(with_(from, to)), to).toEqual([])
  for (const name of ['cc', long(24)])
    expect(faultsOf(with_('name: contoso\n', `name: ${name}\n`), name)).toEqual([])
})
