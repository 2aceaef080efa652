// What the host says to the keeper of the clock, the simulated Azure, over one kept-alive connection (lab/README.md, "The clock").
import http from 'node:http'
import https from 'node:https'

const answerWithinMs = 5_000

export type Statement = ({ host: string; until: number | null } | { host: string; busy: true }) & {
  /** Of each hub the host listens to, the number of the newest event it has fetched. */
  events?: Record<string, number>
}

interface Answer {
  offsetMs: number
  askAgainMs: number
  /** Of the hubs asked about, the number of the newest event. */
  events?: Record<string, number>
}

export interface ClockKeeper {
  /** Rejects when the keeper cannot be reached or answers nonsense. */
  tell(statement: Statement): Promise<Answer>
  close(): void
}

export function clockKeeperAt(azure: string): ClockKeeper {
  const url = new URL('/_lab/clock/idle', azure)
  const client = url.protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: 1 })

  const tell = (statement: Statement) =>
    new Promise<Answer>((resolve, reject) => {
      const body = JSON.stringify(statement)
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const signal = AbortSignal.timeout(answerWithinMs)
      const request = client.request(url, { method: 'POST', agent, headers, signal }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('error', reject)
        response.on('end', () => {
          try {
            resolve(readAnswer(response.statusCode, text))
          } catch (error) {
            reject(error)
          }
        })
      })
      request.on('error', reject)
      request.end(body)
    })

  return { tell, close: () => agent.destroy() }
}

function readAnswer(status: number | undefined, text: string): Answer {
  if (status !== 200) throw new Error(`the clock answered ${status}: ${text.slice(0, 200)}`)
  const { offsetMs, askAgainMs, events } = JSON.parse(text || '{}') as Partial<Answer>
  return { offsetMs: offsetMs ?? Number.NaN, askAgainMs: askAgainMs ?? 1_000, events: events ?? {} }
}
