import type { Response } from './running.ts'

/** API Management's own answers: `{ "statusCode", "message" }`. Without a message: no body. */
export const errorResponse = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Response => ({
  status,
  reason: '',
  headers: message ? { 'content-type': 'application/json', ...headers } : headers,
  body: message ? JSON.stringify({ statusCode: status, message }) : '',
  isRead: false,
})
