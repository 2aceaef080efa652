/**
 * An operation's id, which is its orchestration's too: `{environment}-{kind}-{utc}-{4 random}`, letters, digits and hyphens only.
 * @param random four characters of [a-z0-9]
 */
export function operationId(environment: string, kind: string, nowMs: number, random: string): string {
  const utc = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')
  return `${environment}-${kind}-${utc}-${random}`
}

/** The environment an operation id speaks of; undefined for what is no operation id. */
export function environmentOf(operation: string): string | undefined {
  return /^([a-z][a-z0-9-]*[a-z0-9])-[a-z]+-\d{8}T\d{6}Z-[a-z0-9]{4}$/.exec(operation)?.[1]
}
