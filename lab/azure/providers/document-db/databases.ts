import { z } from 'zod'
import { badRequest } from '../../arm/errors.ts'
import { nameOf } from '../../arm/ids.ts'
import { defineKind, type Kind } from '../../arm/kind.ts'
import { ACCOUNTS, CHILD } from './common.ts'

const Named = z.looseObject({ resource: z.looseObject({ id: z.string() }) })
type Named = z.infer<typeof Named>

const NAMED = {
  ...CHILD,
  name: { pattern: /^[^/\\#?]+$/, most: 255 },
  methods: ['PUT', 'DELETE'],
  shape: Named,
  readOnly: [],
  check: ({ id, properties }: { id: string; properties: Named }) => {
    if (properties.resource.id !== nameOf(id))
      throw badRequest('BadRequest', `The resource id ${properties.resource.id} is not that of the url.`)
  },
} satisfies Partial<Kind<Named>>

/** Mostly made by others: the agents' capability host keeps its threads here. */
export const sqlDatabases: Kind = defineKind<Named>({ ...NAMED, type: `${ACCOUNTS}/sqlDatabases` })
export const sqlContainers: Kind = defineKind<Named>({ ...NAMED, type: `${sqlDatabases.type}/containers` })
