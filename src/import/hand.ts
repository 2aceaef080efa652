import { at, isRecord } from '../environment/raw.ts'
import type { JsonObject } from '../resources/kind.ts'

/** Tags that Azure's own tools keep for themselves. */
const isHidden = (name: string): boolean => /^(?:hidden-|link:|ms-resource-usage)/i.test(name)

/** Tags of a body, without the hidden ones. */
export const tagsOf = (body: unknown): [name: string, value: string][] => {
  const tags = at(body, 'tags')
  return isRecord(tags)
    ? Object.entries(tags).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' && !isHidden(name) ? [[name, value]] : [],
      )
    : []
}

/**
 * Whether two things look as if one hand had made them. What carries a tag that the gateway lacks was made by another: taking it for the
 * service's own would let a destroy take it away.
 */
export const ofOneHand = (body: JsonObject, gateway: JsonObject): boolean => {
  const its = new Map(tagsOf(gateway).map(([name, value]) => [name.toLowerCase(), value]))
  return tagsOf(body).every(([name, value]) => its.get(name.toLowerCase()) === value)
}
