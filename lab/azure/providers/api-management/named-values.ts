import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { keyOf, sameId } from '../../arm/ids.ts'
import { type Action, defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { entity, faulty, onEntity, serviceIdOf } from './entity.ts'
import { valueNamed } from './policy-references.ts'

const NamedValue = z
  .looseObject({
    displayName: z
      .string('The field is required.')
      .min(1)
      .max(256)
      .regex(/^[A-Za-z0-9-._]+$/, 'may contain only letters, digits, periods, dashes, and underscores.'),
    value: z.string().min(1).max(4096).nullish(),
    secret: z.boolean().default(false),
    tags: z.array(z.string().max(32)).max(32).nullish(),
    keyVault: z.looseObject({ secretIdentifier: z.url() }).nullish(),
  })
  .refine(({ value, keyVault }) => value || keyVault, { path: ['value'], error: 'The field is required.' })
export type NamedValue = z.infer<typeof NamedValue>

const { stateless: _, ...own } = entity('namedValues', 'Named value')

export const namedValues: Kind = defineKind<NamedValue>({
  ...own,
  name: { ...own.name, most: 256 },
  shape: NamedValue,
  check: (draft, before, azure) => {
    own.check(draft as Resource, before, azure)
    if (isNameTaken(draft, azure))
      throw faulty({ target: 'name', message: 'Property with the same name already exist.' })
  },
  shown: ({ properties: { secret, keyVault } }) => ({
    properties: {
      ...(secret || keyVault ? { value: undefined } : {}),
      ...(keyVault ? { keyVault: { ...keyVault, lastStatus: { code: 'Success' } } } : {}),
    },
  }),
})

const isNameTaken = ({ id, properties: { displayName } }: Resource<NamedValue>, azure: Azure) => {
  const rival = valueNamed(displayName, id, azure)
  return rival !== undefined && !sameId(rival.id, id)
}

/** What placeholders stand for; a secret that a key vault keeps is made up. */
export const namedValueOf = ({ id, properties }: Pick<Resource, 'id' | 'properties'>, azure: Azure): string =>
  String(properties['value'] ?? azure.draw.uuid('keyVaultSecret', keyOf(id)))

export const namedValueActions: Action[] = [
  onEntity('namedValues/{}', 'listValue', ({ properties, id }, azure) => ({
    status: 200,
    body: { value: namedValueOf({ properties, id }, azure) },
  })),
  onEntity('namedValues/{}', 'refreshSecret', () => ({ status: 202 })),
]

export const namedValueIn = (pointer: string, of: string, azure: Azure) => {
  const name = /^\{\{([^{}]+)\}\}$/.exec(pointer)?.[1]
  return name === undefined
    ? undefined
    : (azure.find(`${serviceIdOf(of)}/namedValues/${name}`) ?? valueNamed(name, of, azure))
}
