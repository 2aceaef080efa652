import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions'

const tell =
  (route: string) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => ({
    jsonBody: {
      route,
      method: request.method,
      url: request.url,
      params: request.params,
      query: Object.fromEntries(request.query),
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    },
  })

// Alphabetical order decides: `anItem` hides `search`, whose path it also matches.
app.http('anItem', { route: 'items/{id}', methods: ['GET'], handler: tell('anItem') })
app.http('search', { route: 'items/search', methods: ['GET'], handler: tell('search') })
app.http('byNumber', { route: 'numbers/{n:int:min(1)}', methods: ['GET'], handler: tell('byNumber') })
app.http('maybe', { route: 'maybe/{first}/{second?}', methods: ['GET', 'POST'], handler: tell('maybe') })
app.http('Health', { route: 'api/health', methods: ['GET'], handler: tell('Health') })
app.http('silence', { route: 'silence', handler: async () => undefined as unknown as HttpResponseInit })
app.http('fails', {
  route: 'fails',
  handler: async () => {
    throw new Error('a secret')
  },
})
app.http('notAResponse', { route: 'text', handler: async () => 'text' as unknown as HttpResponseInit })
app.http('cookies', {
  route: 'cookies',
  handler: async () => ({
    status: 201,
    headers: { 'x-own': 'yes', 'content-type': 'text/plain' },
    body: 'häppy',
    cookies: [
      { name: 'a', value: 'b c', maxAge: 10, httpOnly: true, sameSite: 'Lax' },
      { name: 'd', value: 'e', path: '/', secure: true, expires: new Date(1_000), sameSite: 'None' },
    ],
  }),
})
app.http('slow', {
  route: 'slow/{ms:int}',
  handler: async (request) => {
    const before = Date.now()
    await new Promise((resolve) => setTimeout(resolve, Number(request.params['ms'])))
    return { jsonBody: { passedMs: Date.now() - before } }
  },
})
app.http('root', { route: '{none:maxlength(0)?}', methods: ['GET'], handler: tell('root') })
