/** @peculiar/x509 stands on tsyringe, which refuses to load without these three of the `reflect-metadata` polyfill. */
const metadata = new WeakMap<object, Map<unknown, unknown>>()

const read = (key: unknown, target: object) => metadata.get(target)?.get(key)

Object.assign(Reflect, {
  getMetadata: read,
  getOwnMetadata: read,
  defineMetadata: (key: unknown, value: unknown, target: object) => {
    const own = metadata.get(target) ?? new Map<unknown, unknown>()
    metadata.set(target, own.set(key, value))
  },
})
