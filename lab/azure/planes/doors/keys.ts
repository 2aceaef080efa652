import { z } from 'zod'
import { issueLeaf } from '../../certificates.ts'
import { type Doors, ok, withBody } from './door.ts'

const Certificates = z.strictObject({ names: z.array(z.string().min(1)).min(1) })
const TokenRequest = z.strictObject({
  audience: z.string().min(1),
  roles: z.array(z.string()).default([]),
  name: z.string().optional(),
  objectId: z.string().min(1),
})

/** What the lab vouches for: names by certificates, people by tokens. */
export const keyDoors: Doors = {
  'POST certificates': (at) =>
    withBody(Certificates, at, async ({ names }) => ok(await issueLeaf(at.authority, names))),
  'POST tokens': (at) =>
    withBody(TokenRequest, at, async ({ name, ...request }) => {
      const { token } = await at.tokens.issue({ ...request, ...(name ? { name } : {}) })
      return ok({ token })
    }),
  'GET jwks': async ({ tokens }) => ok(await tokens.jwks()),
}
