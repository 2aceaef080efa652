import { describe, expect, test } from 'vitest'
import { outcomeOf } from '../../src/reconcile/outcome.ts'
import { deterministicGuid } from '../../src/resources/deterministic-guid.ts'
import type { JsonObject } from '../../src/resources/kind.ts'
import { roles } from '../../src/resources/role-assignment.ts'
import { everything, expanded, named } from '../environment/reference.ts'
import { bodyOf, sent } from './described.ts'

const resources = expanded('contoso')
const assignments = resources.filter(({ kind }) => kind === 'role-assignment')

describe('names of role assignments', () => {
  test('are GUIDs that a second run finds again', () => {
    const again = expanded('contoso').filter(({ kind }) => kind === 'role-assignment')
    expect(again.map(({ id }) => id)).toEqual(assignments.map(({ id }) => id))
    for (const { id } of assignments)
      expect(id).toMatch(/\/[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
  test('differ by scope, role and principal, and not by case', () => {
    expect(new Set(assignments.map(({ id }) => id)).size).toBe(assignments.length)
    expect(deterministicGuid('/Subscriptions/A', 'R', 'P')).toBe(
      deterministicGuid('/subscriptions/a', 'r', 'p'),
    )
    expect(deterministicGuid('a', 'b', 'c')).not.toBe(deterministicGuid('a', 'c', 'b'))
  })
  test('stay what they are: a change of how they are made would double every assignment', () => {
    expect(deterministicGuid('scope', 'role', 'principal')).toMatchInlineSnapshot(
      `"d1d25d95-89cf-5aae-ae6f-8c0533c9439b"`,
    )
  })
})

test('every assignment says what kind of principal it is for', () => {
  for (const { key, body } of assignments)
    expect((body['properties'] as JsonObject)['principalType'], key).toMatch(/^(User|ServicePrincipal)$/)
})

const rolesOf = (principal: string) =>
  assignments
    .filter(({ key }) => key.startsWith(`role-assignment/${principal}/`))
    .map(({ key }) => key.slice(`role-assignment/${principal}/`.length))

const bundle = [
  'openai-user/contoso-eus',
  'openai-user/contoso-eus2',
  'blob-data-contributor/contosoaidata',
  'search-index-data-contributor/contoso-search',
  'foundry-user/contoso-eus/main',
]

test('a user of the Responses API has the four roles of docs/roles.md, and no more', () => {
  expect(rolesOf('6f1d2c3b-0a49-4e58-8c67-9d8e7f605142')).toEqual(bundle)
})

test('one canary has the same, and the other has nothing', () => {
  expect(rolesOf('probe')).toEqual(bundle)
  const nobody = everything.probeIdentities?.nobody.principalId ?? ''
  expect(JSON.stringify(resources)).not.toContain(nobody)
})

test('the gateway may call the models of every account, and nothing else', () => {
  expect(rolesOf('contoso-apim')).toEqual(['openai-user/contoso-eus', 'openai-user/contoso-eus2'])
})

test('the project has what its agents need: models, files, vectors, and the right to make its threads', () => {
  expect(rolesOf('contoso-eus/main')).toEqual([
    'openai-user/contoso-eus',
    'openai-user/contoso-eus2',
    'blob-data-contributor/contosoaidata',
    'cosmos-operator/contoso-cosmos',
    'search-index-data-contributor/contoso-search',
    'search-service-contributor/contoso-search',
    'blob-data-owner/contosoaidata',
  ])
})

test('nobody is given Contributor or Owner', () => {
  const given = new Set(Object.values(roles))
  for (const broad of [
    'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  ])
    expect(given).not.toContain(broad)
})

test('the project owns the blobs of its own agents and of nobody else’s', () => {
  const owner = named(resources, 'role-assignment/contoso-eus/main/blob-data-owner/contosoaidata')
  expect(sent(owner)['properties']).toMatchObject({
    principalId: 'project',
    conditionVersion: '2.0',
    condition: [
      "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read'})",
      "!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/filter/action'})",
      "!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/write'})) OR " +
        "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringStartsWithIgnoreCase '01234567-89ab-cdef-0123-456789abcdef'",
      "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringLikeIgnoreCase '*-azureml-agent'))",
    ].join(' AND '),
  })
})

test('rights to threads are Cosmos DB’s own, on the one database', () => {
  const threads = named(resources, 'cosmos-role-assignment/contoso-eus/main/enterprise_memory')
  expect(bodyOf(threads)['properties']).toMatchObject({
    principalId: 'project',
    scope: expect.stringMatching(/databaseAccounts\/contoso-cosmos\/dbs\/enterprise_memory$/),
  })
})

describe('what Azure says to a role', () => {
  const said = (code: string) => outcomeOf({ status: 400, code, message: 'm' })
  test('that is given already, under another name, is no failure', () => {
    expect(said('RoleAssignmentExists')).toEqual({ is: 'done', already: true })
  })
  test('for an identity it does not know yet is asked again', () => {
    expect(said('PrincipalNotFound')).toMatchObject({ is: 'later' })
  })
  test('whose name belongs to an identity that is gone needs a person', () => {
    expect(said('RoleAssignmentUpdateNotPermitted')).toMatchObject({ is: 'refused' })
  })
})
