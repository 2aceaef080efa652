/** Resource ids compare without regard to case and keep the case they were created with. */
export const keyOf = (id: string) => id.toLowerCase()
export const sameId = (one: string | undefined, other: string | undefined) =>
  one !== undefined && other !== undefined && keyOf(one) === keyOf(other)

export const nameOf = (id: string) => id.slice(id.lastIndexOf('/') + 1)

/** `…/virtualNetworks/a/subnets/b` → `…/virtualNetworks/a`; a resource in a group → the group. */
export function parentOf(id: string): string {
  const inside = id.slice(0, id.lastIndexOf('/', id.lastIndexOf('/') - 1))
  const provider = inside.search(/\/providers\/[^/]+$/i)
  return provider < 0 ? inside : inside.slice(0, provider)
}

export const groupIdOf = (id: string) => /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0]
export const groupNameOf = (id: string) => nameOf(groupIdOf(id) ?? '/')
export const subscriptionOf = (id: string) => id.split('/')[2] ?? ''

/** The type of a resource by its id: `Microsoft.Network/virtualNetworks/subnets`, in the id's own case. */
export function typeOf(id: string): string {
  const [scope = '', path = ''] = splitLast(id, '/providers/')
  if (!path)
    return groupIdOf(scope) ? 'Microsoft.Resources/resourceGroups' : 'Microsoft.Resources/subscriptions'
  const [namespace = '', ...pairs] = path.split('/')
  return [namespace, ...pairs.filter((_, index) => index % 2 === 0)].join('/')
}

function splitLast(text: string, mark: string): [string, string] {
  const at = text.toLowerCase().lastIndexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)]
}
