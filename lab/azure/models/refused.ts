/** An answer that refuses. Nothing a refused call did stays done, but for what it counted against a limit. */
export class Refused extends Error {
  readonly status: number
  readonly body: object
  readonly headers: Record<string, string>

  constructor(status: number, message: string, body: object, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** In the shape of Azure's fronts. */
export const refused = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
) => new Refused(status, message, { error: { code, message } }, headers)

/** In the shape of the model's own API. */
export const invalid = (
  message: string,
  param: string | null = null,
  code: string | null = null,
  status = 400,
) => new Refused(status, message, { error: { message, type: 'invalid_request_error', param, code } })

export const notFound = () => refused(404, '404', 'Resource not found')

export const responseNotFound = (id: string) =>
  invalid(`Response with id '${id}' not found.`, null, null, 404)
