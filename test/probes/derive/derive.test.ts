import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expand } from '../../../src/environment/expand.ts'
import type { Surroundings } from '../../../src/environment/surroundings.ts'
import { derive } from '../../../src/probes/derive/derive.ts'
import { layers, type Probe } from '../../../src/probes/probe.ts'
import { everything } from '../../environment/reference.ts'
import { documents, installations } from '../documents.ts'
import { documentOf } from '../reference.ts'

const contoso = documentOf('contoso')
const probes = derive(contoso, everything)
const ids = (all: Probe[]) => all.map(({ id }) => id)
const named = (id: string, all = probes): Probe => {
  const found = all.find((probe) => probe.id === id)
  if (!found) throw new Error(`no probe ${id}`)
  return found
}
const without = (...names: (keyof Surroundings)[]): Surroundings => ({
  ...everything,
  ...Object.fromEntries(names.map((name) => [name, undefined])),
})

test('the probes of the reference document are the ones that docs show', async () => {
  const lines = probes.map(
    ({ id, layer, beat, expect: must, vantage }) =>
      `${layer} ${beat} ${must}${vantage === 'internet' ? ' internet' : ''} ${id}`,
  )
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('contoso-probes.txt')
})

describe('of any document and installation', () => {
  const property = (holds: (all: Probe[], keys: Set<string>) => void) =>
    fc.assert(
      fc.property(documents, installations, (document, surroundings) =>
        holds(derive(document, surroundings), new Set(expand(document, surroundings).map(({ key }) => key))),
      ),
      { numRuns: 25 },
    )
  test('ids are unique, and needs are probes', () => {
    property((all) => {
      expect(new Set(ids(all)).size).toBe(all.length)
      const known = new Set(ids(all))
      for (const { id, needs } of all) for (const need of needs) expect(known, id).toContain(need)
    })
  })
  test('needs never come round', () => {
    property((all) => {
      const needs = new Map(all.map((probe) => [probe.id, probe.needs]))
      const ended = new Set<string>()
      const walk = (id: string, way: string[]): void => {
        expect(way).not.toContain(id)
        if (ended.has(id)) return
        for (const need of needs.get(id) ?? []) walk(need, [...way, id])
        ended.add(id)
      }
      for (const id of ids(all)) walk(id, [])
    })
  })
  test('what is proven and suspected are resources of the environment', () => {
    property((all, keys) => {
      for (const { id, proves, suspects } of all)
        for (const key of [...proves, ...suspects]) expect(keys, id).toContain(key)
    })
  })
  test('a probe needs only what is nearer to the network, or of its own layer', () => {
    property((all) => {
      const layerOf = new Map(all.map(({ id, layer }) => [id, layers.indexOf(layer)]))
      // Reading the control plane takes a token; and through the gateway its models are asked.
      for (const { id, layer, needs } of all)
        for (const need of needs)
          if (!need.startsWith('token/app/') && !/^(policy|distribution)\//.test(id))
            expect(layerOf.get(need), `${id} needs ${need}`).toBeLessThanOrEqual(layers.indexOf(layer))
    })
  })
})

test('deriving twice gives the same', () => {
  expect(derive(contoso, everything)).toEqual(probes)
})

describe('names', () => {
  test('every private endpoint is looked up inside, through its private link, in the endpoints’ range', () => {
    expect(named('dns/contoso-kv.vault.azure.net').target).toEqual({
      host: 'contoso-kv.vault.azure.net',
      within: ['192.168.2.0/26'],
      through: 'contoso-kv.privatelink.vaultcore.azure.net',
    })
    expect(ids(probes).filter((id) => /^dns\/contoso-eus\./.test(id))).toHaveLength(3)
  })
  test('a zone of somebody else is suspected, and so is no link of ours', () => {
    const { suspects } = named('dns/contosoaidata.blob.core.windows.net')
    expect(suspects).toContain('dns-zone/privatelink.blob.core.windows.net')
    expect(suspects.filter((key) => key.startsWith('dns-link/'))).toEqual([])
  })
  test('somebody else’s service may be anywhere in private space, and its record is not ours to read', () => {
    const theirs = derive(
      documentOf('contoso', [['search: contoso-search', 'search: { existing: true, name: contoso-search }']]),
      everything,
    )
    expect(named('dns/contoso-search.search.windows.net', theirs).target).toMatchObject({
      within: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
    })
    expect(ids(theirs)).not.toContain('record/contoso-search.search.windows.net')
    expect(ids(theirs)).not.toContain('shut/search/contoso-search')
  })
})

describe('roles', () => {
  test('come in pairs that differ in who asks, and in nothing else', () => {
    const pairs = probes.filter(({ id, module }) => id.startsWith('role/') && module === 'call')
    expect(pairs).toHaveLength(5)
    for (const allowed of pairs) {
      const denied = named(`${allowed.id}/denied`)
      expect(denied.expect).toBe('fails')
      expect(denied.target).toMatchObject({
        as: 'nobody',
        url: 'url' in allowed.target ? allowed.target.url : '',
      })
    }
  })
  test('are not asked where nobody is known to ask', () => {
    const all = ids(derive(contoso, without('probeIdentities')))
    expect(
      all.filter((id) => /^(role|model|responses|agent|portal|token\/(probe|nobody))\//.test(id)),
    ).toEqual([])
    expect(all).toContain('closed/models/no-key')
    expect(all).toContain('shut/account/contoso-eus')
  })
})

describe('models', () => {
  test('an embedding model is asked for an embedding, and never for a chat', () => {
    const all = derive(
      documentOf('contoso', [
        [
          'deployments: [{ model: gpt-4o, version: "2024-11-20", sku: GlobalStandard, capacity: 30 }]',
          'deployments: [{ model: gpt-4o, version: "2024-11-20", sku: GlobalStandard, capacity: 30 }, { model: text-embedding-3-small, version: "1", sku: Standard, capacity: 30 }]',
        ],
      ]),
      everything,
    )
    expect(named('model/direct/contoso-eus2/text-embedding-3-small', all).module).toBe('embeddings')
    expect(named('model/direct/contoso-eus2/gpt-4o', all).module).toBe('chat')
  })
  test('are reached in three ways', () => {
    const url = (id: string) => (named(id).target as { url: string }).url
    expect(url('responses/direct/contoso-eus')).toBe(
      'https://contoso-eus.openai.azure.com/openai/v1/responses',
    )
    expect(url('responses/gateway/gpt-4o')).toBe(
      'https://contoso-apim.azure-api.net/probe/openai/v1/responses',
    )
    expect(url('responses/project/contoso-eus/main')).toBe(
      'https://contoso-eus.services.ai.azure.com/api/projects/main/openai/v1/responses',
    )
  })
  test('a sticky pool is proven by the Responses API alone', () => {
    const sticky = derive(documentOf('two-regions'), everything)
    expect(
      sticky.filter(({ proves }) => proves.includes('pool/gpt-4o-responses')).map(({ id }) => id),
    ).toEqual(['fact/pool/gpt-4o-responses', 'responses/gateway/gpt-4o'])
  })
  test('no probe carries a key', () => {
    expect(JSON.stringify(probes)).not.toMatch(/api-key|listKeys|listSecrets/i)
  })
})

describe('isolation', () => {
  test('every switch that keeps the public out is read each round, as what must not work', () => {
    for (const key of [
      'account/contoso-eus',
      'storage/contosoaidata',
      'search/contoso-search',
      'cosmos/contoso-cosmos',
      'key-vault/contoso-kv',
    ])
      expect(named(`shut/${key}`)).toMatchObject({
        expect: 'fails',
        beat: 'network',
        target: { paths: expect.arrayContaining(['properties.publicNetworkAccess']) },
      })
  })
  test('each name has an outer half: no address for the gateway, a refusal for the rest', () => {
    const outside = probes.filter(({ vantage }) => vantage === 'internet')
    const inside = probes.filter(({ id }) => id.startsWith('dns/'))
    expect(outside).toHaveLength(inside.length)
    expect(named('internet/contoso-apim.azure-api.net').module).toBe('dns')
    expect(named('internet/contoso-eus.openai.azure.com')).toMatchObject({
      module: 'denied',
      target: { statuses: [403] },
    })
    for (const { proves, target } of outside) {
      expect(proves).toEqual([])
      expect('as' in target, 'no token leaves the network').toBe(false)
    }
  })
})

test('events are waited for only where the document has them sent', () => {
  expect(ids(probes).filter((id) => id.startsWith('arrivals/'))).toEqual([])
  const logging = derive(documentOf('contoso', [['logTo: none', 'logTo: eventHub']]), everything)
  expect(named('arrivals/attempts', logging).proves).toEqual([
    'logger/attempts',
    'role-assignment/contoso-apim/event-hubs-data-sender/attempts',
  ])
})

test('agents are run where the document runs them, with both kinds of model', () => {
  expect(named('agent/contoso-eus/main').target).toMatchObject({ model: 'gpt-4o' })
  expect(named('agent/contoso-eus/main/gateway').target).toMatchObject({ model: 'gateway/gpt-4o' })
  const none = ids(derive(documentOf('two-regions'), everything))
  expect(none.filter((id) => id.startsWith('agent/'))).toEqual([])
})

test('tokens go to hosts inside alone', () => {
  for (const { id, target, vantage } of probes)
    if ('as' in target && 'within' in target) {
      expect(vantage, id).toBe('inside')
      expect(target.within, id).not.toContain('0.0.0.0/0')
    }
})
