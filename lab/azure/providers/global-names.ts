import type { Azure } from '../arm/azure.ts'
import { badRequest } from '../arm/errors.ts'
import { keyOf, nameOf, sameId } from '../arm/ids.ts'
import type { Action, Kind, Resource } from '../arm/kind.ts'

/** Names that are labels of public DNS: someone else on Earth holds these. */
const TAKEN_ELSEWHERE = ['contoso', 'fabrikam', 'adventureworks']

export const isTakenElsewhere = (name: string) => TAKEN_ELSEWHERE.includes(keyOf(name))

/** The resource of this world that holds the name already, in whatever group. */
export const namesakeOf = ({ id, type }: Pick<Resource, 'id' | 'type'>, azure: Azure): Resource | undefined =>
  azure.all(type).find((other) => keyOf(nameOf(other.id)) === keyOf(nameOf(id)) && !sameId(other.id, id))

/** The question whether a name is still to be had. `held`: what else than a living resource holds it. */
export const checkNameAvailability = (
  { type, name: rule }: Pick<Kind, 'type' | 'name'>,
  invalidReason: string,
  held: (name: string, azure: Azure) => boolean = () => false,
): Action => ({
  method: 'POST',
  path: `/subscriptions/{}/providers/${type.split('/')[0]}/checkNameAvailability`,
  run: ({ body }, azure) => {
    const name = (body as { name?: unknown } | null | undefined)?.name
    if (typeof name !== 'string')
      throw badRequest('InvalidRequestContent', 'The property name is required.', 'name')
    const answer = (reason: string, message: string) => ({
      status: 200,
      body: { nameAvailable: false, reason, message },
    })
    if (name.length < (rule.least ?? 1) || name.length > rule.most || !rule.pattern.test(name))
      return answer(invalidReason, `${name} is not a valid name for ${type}.`)
    const isTaken =
      isTakenElsewhere(name) ||
      held(name, azure) ||
      azure.all(type).some(({ id }) => keyOf(nameOf(id)) === keyOf(name))
    return isTaken
      ? answer('AlreadyExists', `The name ${name} is already taken.`)
      : { status: 200, body: { nameAvailable: true } }
  },
})
