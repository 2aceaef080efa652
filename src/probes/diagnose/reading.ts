import { referred } from '../../reconcile/resolve.ts'
import { isObject, type Json, type JsonObject, type Resource } from '../../resources/kind.ts'

/** What has to be read before a failure can be explained. */

/** The suspects, and what their descriptions refer to: without it nobody could say what a suspect should look like. */
export function toRead(resources: Resource[], suspects: string[]): Resource[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  const wanted = new Set<string>()
  const add = (key: string) => {
    const resource = byKey.get(key)
    if (!resource || wanted.has(key)) return
    wanted.add(key)
    for (const other of referred(resource.body)) add(other)
  }
  for (const key of suspects) add(key)
  return resources.filter(({ key }) => wanted.has(key))
}

/** ARM ids of security groups and route tables that subnets name and that are none of the environment's resources: the home's. */
export function alsoRead(resources: Resource[], bodies: ReadonlyMap<string, JsonObject>): string[] {
  const ours = new Set(resources.map(({ id }) => id.toLowerCase()))
  const named = [...bodies]
    .filter(([key]) => key.startsWith('subnet/'))
    .flatMap(([, body]) => [idAt(body, 'networkSecurityGroup'), idAt(body, 'routeTable')])
  return [...new Set(named.flatMap((id) => (id && !ours.has(id.toLowerCase()) ? [id] : [])))]
}

/** The id a subnet's body has for its security group or its route table. */
export function idAt(
  subnet: JsonObject,
  property: 'networkSecurityGroup' | 'routeTable',
): string | undefined {
  const found = valueAt(subnet, 'properties', property, 'id')
  return typeof found === 'string' ? found : undefined
}

export const valueAt = (body: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), body)
