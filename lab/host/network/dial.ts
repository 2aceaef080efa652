/** What `POST /_lab/network/dial` answers (lab/README.md). */
export type Dialled =
  | { port: number; address: string }
  | {
      unreached: 'ENOTFOUND' | 'ECONNREFUSED' | 'ETIMEDOUT' | 'ECONNRESET' | 'CERT'
      because: string
      address?: string
    }

export type Dial = (host: string, port: number) => Promise<Dialled>

/** Asks the simulated Azure which port of this machine stands for a destination, seen from a subnet; default: the app's. */
export function dialAt(azure: string, subnet?: string): Dial {
  const door = new URL('/_lab/network/dial', azure)
  const { fetch } = globalThis
  return async (host, port) => {
    const response = await fetch(door, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...(subnet ? { from: subnet } : {}), host, port }),
    })
    if (!response.ok) throw new Error(`POST ${door.pathname} answered ${response.status}`)
    return (await response.json()) as Dialled
  }
}
