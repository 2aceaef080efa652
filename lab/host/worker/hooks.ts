/** The app's hooks: `app.hook.preInvocation` and its sisters, run in the order of their registration. */
const names = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const
export type HookName = (typeof names)[number]
type Hook = (context: object) => unknown

export class Hooks {
  #hooks = new Map<string, Hook[]>(names.map((name) => [name, []]))
  /** Shared by every hook of the app. */
  readonly appHookData = {}

  register(name: string, hook: Hook): () => void {
    const list = this.#hooks.get(name)
    if (!list) {
      // The library reads this mark and tells the app's author to use a newer host.
      throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), {
        isAzureFunctionsSystemError: true,
      })
    }
    list.push(hook)
    return () => {
      const at = list.indexOf(hook)
      if (at >= 0) list.splice(at, 1)
    }
  }

  async run(name: HookName, context: object) {
    for (const hook of this.#hooks.get(name) ?? []) await hook(context)
  }

  /** Log hooks are the only ones that cannot wait. */
  runNow(name: 'log', context: object) {
    for (const hook of this.#hooks.get(name) ?? []) hook(context)
  }
}
