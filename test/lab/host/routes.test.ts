import { expect, test } from 'vitest'
import { compileRoute } from '../../../lab/host/http/route.ts'

const cases: [template: string, path: string, params: Record<string, string> | null][] = [
  ['api/items', '/api/items', {}],
  ['api/items', '/API/Items/', {}],
  ['api/items', '/api/items/1', null],
  ['items/{id}', '/items/a%20b', { id: 'a b' }],
  ['items/{id}', '/items/a%2Fb', { id: 'a%2Fb' }],
  ['items/{id}', '/items/%E0%A4%A', { id: '%E0%A4%A' }],
  ['items/{id}', '/items', null],
  ['items/{id?}', '/items', {}],
  ['items/{id=7}', '/items', { id: '7' }],
  ['items/{id:int?}', '/items/', {}],
  ['items/{id:int}', '/items/12', { id: '12' }],
  ['items/{id:int}', '/items/twelve', null],
  ['items/{id:int}', '/items/2147483648', null],
  ['items/{id:long}', '/items/2147483648', { id: '2147483648' }],
  ['items/{id:int:min(1):max(9)}', '/items/0', null],
  ['items/{id:range(1,9)}', '/items/9', { id: '9' }],
  ['items/{name:alpha:length(2,4)}', '/items/ABC', { name: 'ABC' }],
  ['items/{name:alpha:length(2,4)}', '/items/abcde', null],
  ['items/{name:maxlength(3)}', '/items/abcd', null],
  [
    'items/{id:guid}',
    '/items/6f9619ff-8b86-d011-b42d-00c04fc964ff',
    { id: '6f9619ff-8b86-d011-b42d-00c04fc964ff' },
  ],
  ['items/{id:guid}', '/items/1', null],
  ['items/{flag:bool}', '/items/True', { flag: 'True' }],
  ['items/{at:datetime}', '/items/2026-01-01', { at: '2026-01-01' }],
  ['items/{price:decimal}', '/items/1,000.50', { price: '1,000.50' }],
  ['items/{x:double}', '/items/1e3', { x: '1e3' }],
  ['{name:regex(^[a-z]{{2}}$)}', '/AB', { name: 'AB' }],
  ['{name:regex(^[a-z]{{2}}$)}', '/abc', null],
  ['{name:regex(^(a|b)$)}', '/b', { name: 'b' }],
  ['files/{*path}', '/files/a/b/c', { path: 'a/b/c' }],
  ['files/{*path}', '/files', {}],
  ['{from}-{to}', '/a-b-c', { from: 'a-b', to: 'c' }],
  ['v{version:int}.json', '/v3.json', { version: '3' }],
  ['a.c', '/abc', null],
  ['{none:maxlength(0)?}', '/', {}],
  ['{none:maxlength(0)?}', '/x', null],
]

test.each(cases)('%s against %s', (template, path, params) => {
  expect(compileRoute(template)(path)).toEqual(params)
})

test.each(['items/{id:integer}', 'items/{}', 'items/{id'])('%s is refused', (template) => {
  expect(() => compileRoute(template)).toThrow()
})
