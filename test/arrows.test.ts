import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

/** Who may import whom (docs/decisions/0003). The imports themselves are read; type-only ones count unless said otherwise. */

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const folders = ['functions', 'orchestrations', 'src', 'cli', 'lab', 'scripts', 'test']
const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`))
const imports: Import[] = files.flatMap((from) =>
  [
    ...readFileSync(from, 'utf8').matchAll(
      /^(import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)/gm,
    ),
  ].map((match) => {
    const target = match[3] ?? match[4] ?? ''
    return {
      from,
      to: target.startsWith('.')
        ? path.posix.normalize(path.posix.join(path.posix.dirname(from), target))
        : target,
      typeOnly: match[2] !== undefined,
    }
  }),
)
const under = (file: string, ...roots: string[]) =>
  roots.some((root) => file.startsWith(`${root}/`) || file === root)
const offenders = (picked: (it: Import) => boolean) =>
  imports.filter(picked).map(({ from, to }) => `${from} → ${to}`)

test('the imports are really read', () => {
  expect(imports.length).toBeGreaterThan(200)
})

describe('arrows', () => {
  test('nothing but tests and the lab itself imports the lab', () => {
    expect(offenders(({ from, to }) => under(to, 'lab') && !under(from, 'lab', 'test'))).toEqual([])
  })
  test('the simulated Azure and the embedded host share no code with the product, nor with each other', () => {
    expect(
      offenders(
        ({ from, to }) =>
          under(from, 'lab/azure', 'lab/host') && under(to, 'src', 'functions', 'orchestrations', 'cli'),
      ),
    ).toEqual([])
    expect(offenders(({ from, to }) => under(from, 'lab/azure') && under(to, 'lab/host'))).toEqual([])
    expect(offenders(({ from, to }) => under(from, 'lab/host') && under(to, 'lab/azure'))).toEqual([])
  })
  test('nothing imports the doors', () => {
    expect(offenders(({ from, to }) => under(to, 'functions') && !under(from, 'functions', 'test'))).toEqual(
      [],
    )
  })
  test('src knows nothing of doors and plots, nor of Functions and Durable', () => {
    expect(
      offenders(
        ({ from, to }) =>
          under(from, 'src') &&
          (under(to, 'functions', 'orchestrations') ||
            to === '@azure/functions' ||
            to === 'durable-functions'),
      ),
    ).toEqual([])
  })
  test('plots take only types from src: they do no I/O and have no clock', () => {
    expect(
      offenders(({ from, to, typeOnly }) => under(from, 'orchestrations') && under(to, 'src') && !typeOnly),
    ).toEqual([])
    expect(offenders(({ from, to }) => under(from, 'orchestrations') && to.startsWith('node:'))).toEqual([])
  })
  test('the command line takes only types from src, and asks the outside half of the probes itself (0013)', () => {
    const outside = ['modules', 'addresses.ts', 'connect.ts', 'exchange.ts'].map(
      (name) => `src/probes/${name}`,
    )
    const asks = ({ from, to }: Import) => from === 'cli/outside.ts' && under(to, ...outside)
    expect(
      offenders((it) => under(it.from, 'cli') && under(it.to, 'src') && !it.typeOnly && !asks(it)),
    ).toEqual([])
  })
  test('thinking imports no I/O, not even by a detour', () => {
    const pure = [
      'src/environment',
      'src/reconcile',
      'src/preflight',
      'src/gateway',
      'src/import',
      ...globSync('src/gateway-audit/*.ts').filter((file) => !/\/read(?:-figures)?\.ts$/.test(file)),
      'src/probes/derive',
      'src/probes/diagnose',
      ...['graph', 'coverage', 'not-provable', 'budget'].map((name) => `src/probes/${name}.ts`),
      ...globSync('src/resources/*.ts').filter((file) => !file.endsWith('verbs.ts')),
    ]
    const allowed = new Set(['zod', 'yaml', 'ipaddr.js', 'fast-xml-parser', 'node:crypto', 'node:util'])
    expect(
      offenders(
        ({ from, to, typeOnly }) =>
          under(from, ...pure) && !typeOnly && !under(to, ...pure) && !allowed.has(to),
      ),
    ).toEqual([])
  })
  test('only src/azure and src/store talk to Azure', () => {
    expect(
      offenders(
        ({ from, to, typeOnly }) =>
          under(from, 'src', 'functions') &&
          !typeOnly &&
          to.startsWith('@azure/') &&
          to !== '@azure/functions' &&
          !under(from, 'src/azure', 'src/store'),
      ),
    ).toEqual([])
  })
})
