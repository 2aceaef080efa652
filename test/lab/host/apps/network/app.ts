import { lookup } from 'node:dns/promises'
import { app } from '@azure/functions'

/** Says how an https address looks from where the app stands: the name's address, and a GET's status or the code of its failure. */
app.http('look', {
  route: 'look/{host}',
  handler: async (request) => {
    const host = request.params['host'] ?? ''
    const address = await lookup(host).then((found) => found.address, codeOf)
    const status = await fetch(`https://${host}/`).then((answer) => answer.status, codeOf)
    return { jsonBody: { address, status } }
  },
})

const codeOf = (error: NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }) =>
  error.cause?.code ?? error.code
