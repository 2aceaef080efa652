import { z } from 'zod'
import type { Azure } from '../arm/azure.ts'
import { Refusal } from '../arm/errors.ts'
import { groupNameOf, nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { DataCall } from '../data/call.ts'

const badArgument = (message: string) => new Refusal(400, 'BadArgumentError', message)

export function parsed<T>(shape: z.ZodType<T>, given: unknown): T {
  const read = shape.safeParse(given)
  if (read.success) return read.data
  throw badArgument(z.prettifyError(read.error))
}

export function bodyOf({ body }: DataCall): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw badArgument('The request body is not valid JSON.')
  }
}

export function resourceFor(id: string, azure: Azure): Resource {
  const resource = azure.find(id)
  if (resource) return resource
  throw new Refusal(
    404,
    'ResourceNotFound',
    `The resource '${nameOf(id)}' under resource group '${groupNameOf(id)}' was not found.`,
  )
}
