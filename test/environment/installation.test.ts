import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expand } from '../../src/environment/expand.ts'
import { lacking } from '../../src/environment/lacking.ts'
import { notes } from '../../src/environment/notes.ts'
import { parse } from '../../src/environment/parse.ts'
import { protectFaults } from '../../src/environment/protect-rules.ts'
import type { Surroundings } from '../../src/environment/surroundings.ts'
import { type Made, made, takenOver } from '../../src/resources/made.ts'
import { everything } from './reference.ts'

/** What a good document meets in an installation: what it lacks, what is left out, and names that are nobody's. */
const bare: Surroundings = { subscriptionId: everything.subscriptionId, gatewaySuffix: 'azure-api.net' }
/** The reference, with the one thing settled that it leaves to its callers. */
const reference = readFileSync('examples/contoso.yaml', 'utf8').replace(
  'responses: stateless',
  'responses: sticky',
)
const document = (from = '', to = '') => {
  const parsed = parse(reference.replace(from, to), 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}
const protecting = (lines: string) => document('probes:', `protect: { ${lines} }\nprobes:`)
const faultsOf = (lines: string) => {
  const it = protecting(lines)
  return protectFaults(it.protect, expand(it, everything))
}

test('a log to an event hub that the installation has not is a fault, and names the setting', () => {
  const logging = document('logTo: none', 'logTo: eventHub')
  expect(lacking(logging, everything)).toEqual([])
  expect(lacking(logging, bare)).toMatchObject([{ path: 'gateway.api.logTo' }])
  expect(lacking(logging, bare)[0]?.remedy).toContain('OPS_EVENT_HUB_ID')
  expect(lacking(document(), bare)).toEqual([])
})

describe('notes', () => {
  const about = (of: Parameters<typeof notes>[0], surroundings: Surroundings, inventory: Made[] = []) =>
    notes(of, surroundings, inventory).map((note) => note.about)
  test('are none where everything is offered', () => {
    expect(notes(document(), everything, [])).toEqual([])
  })
  test('name each setting whose part is left out', () => {
    expect(about(document(), bare)).toEqual([
      'OPS_ACTION_GROUP_ID',
      'OPS_WORKSPACE_ID',
      'OPS_PROBE_PRINCIPAL_ID',
      'AZURE_TENANT_ID',
    ])
    expect(about(document(), { ...everything, tenantId: undefined })).toEqual(['AZURE_TENANT_ID'])
  })
  test('name the endpoints that get no private name in a cloud whose zones nobody has said', () => {
    expect(about(document(), { ...everything, cloud: 'AzureChinaCloud' })).toEqual([
      'foundry.accounts',
      'data.search',
    ])
  })
  test('warn that a conversation breaks over a pool of several accounts', () => {
    expect(about(document('responses: sticky', 'responses: stateless'), everything)).toEqual([
      'gateway.api.responses',
    ])
  })
  test('name agents wanted of somebody else’s account', () => {
    const theirs = document('- name: contoso-eus\n', '- existing: true\n      name: contoso-eus\n')
    expect(about(theirs, everything)).toEqual(['foundry.accounts[0].agents'])
  })
  test('name what the document takes its protection from, and only that', () => {
    const it = protecting('storage/contosoaidata: false, pool/gpt-4o: true, subnet/snet-apim: false')
    expect(about(it, everything)).toEqual(['protect.storage/contosoaidata'])
    const subnet = expand(it, everything).filter(({ key }) => key === 'subnet/snet-apim')
    expect(about(it, everything, subnet.map(made))).toEqual(['protect.storage/contosoaidata'])
    expect(about(it, everything, subnet.map(takenOver))).toEqual([
      'protect.subnet/snet-apim',
      'protect.storage/contosoaidata',
    ])
  })
})

describe('a line of protect', () => {
  test('may name any resource of the environment', () => {
    expect(faultsOf('account/contoso-eus: false, pool/gpt-4o: true')).toEqual([])
  })
  test('that names none is a fault, with the names near it', () => {
    const [fault] = faultsOf('pools/gpt-4o: true')
    expect(fault?.path).toBe('protect.pools/gpt-4o')
    expect(fault?.remedy).toContain('pool/gpt-4o')
    const [typo] = faultsOf('account/contoso-eu: false')
    expect(typo?.remedy).toContain('account/contoso-eus')
  })
  test('that names what is somebody else’s is a fault', () => {
    expect(faultsOf('virtual-network/vnet-contoso-ai: true')).toMatchObject([
      { path: 'protect.virtual-network/vnet-contoso-ai', remedy: 'take the line out' },
    ])
  })
  test.each([
    ['a value that is no yes or no', 'pool/gpt-4o: always', 'protect.pool/gpt-4o'],
    ['a key without its kind', 'gpt-4o: true', 'protect.gpt-4o'],
  ])('with %s is no valid document', (_name, lines, path) => {
    const text = readFileSync('examples/contoso.yaml', 'utf8')
    const parsed = parse(text.replace('probes:', `protect: { ${lines} }\nprobes:`), 'contoso')
    expect('faults' in parsed && parsed.faults.map((fault) => fault.path)).toEqual([path])
  })
})
