const watchMs = 500

/**
 * Resolves when this process is to end: SIGINT, SIGTERM, or, run by npm, when the shell between npm and it has gone. npm hands a signal to that
 * shell only, which dies of it and leaves its child behind.
 */
export const toldToEnd = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    if (process.env['npm_lifecycle_event'] === undefined) return
    const parent = process.ppid
    setInterval(() => {
      if (process.ppid !== parent) resolve()
    }, watchMs).unref()
  })
