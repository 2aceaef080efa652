import { badRequest } from '../arm/errors.ts'

type Condition = { dimension: string; operator: 'eq' | 'ne' | 'sw'; value: string }

/** All groups must hold; of a group one condition. The conditions of a group are about one dimension. */
export type Filter = { groups: Condition[][]; dimensions: string[] }

const CONDITION = /^\s*\(*\s*([\w.]+)\s+(eq|ne|sw)\s+'((?:[^']|'')*)'\s*\)*\s*/i
const CONNECTOR = /^(and|or)\s+/i

/** `StatusCode eq '429' and ModelDeploymentName eq '*'`; `or` joins values of one dimension and binds closer than `and` (azure-facts 9.5). */
export function parseFilter(text: string | undefined): Filter {
  const groups: Condition[][] = []
  let rest = text?.trim() ?? ''
  let connector = 'and'
  while (rest) {
    const found = CONDITION.exec(rest)
    if (!found) throw unreadable(text ?? '')
    const [whole, dimension = '', operator = '', value = ''] = found
    const condition: Condition = {
      dimension: dimension.toLowerCase(),
      operator: operator.toLowerCase() as Condition['operator'],
      value: value.replaceAll("''", "'").toLowerCase(),
    }
    const group = groups.at(-1)
    if (connector === 'and' || !group) groups.push([condition])
    else if (group[0]?.dimension === condition.dimension) group.push(condition)
    else throw badRequest('BadRequest', `Logical or cannot separate two different dimensions: ${text}`)
    rest = rest.slice(whole.length)
    const next = CONNECTOR.exec(rest)
    if (rest && !next) throw unreadable(text ?? '')
    connector = next?.[1]?.toLowerCase() ?? 'and'
    rest = rest.slice(next?.[0].length ?? 0)
    if (next && !rest) throw unreadable(text ?? '')
  }
  return { groups, dimensions: [...new Set(groups.flat().map(({ dimension }) => dimension))] }
}

const unreadable = (text: string) => badRequest('BadRequest', `Invalid filter: ${text}`)

/** `dimensions` by names in lower case. */
export const passes = ({ groups }: Filter, dimensions: Record<string, string>): boolean =>
  groups.every((group) =>
    group.some(({ dimension, operator, value }) => {
      const actual = (dimensions[dimension] ?? '').toLowerCase()
      if (operator === 'sw') return actual.startsWith(value)
      if (operator === 'ne') return actual !== value
      return value === '*' || actual === value
    }),
  )
