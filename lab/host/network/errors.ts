import { constants } from 'node:os'

/** Errors as Node itself throws them: the same codes, numbers, words and fields. */

const UV_EAI_NONAME = -3008

export function notFound(hostname: string): NodeJS.ErrnoException {
  const code = 'ENOTFOUND'
  return Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), {
    errno: UV_EAI_NONAME,
    code,
    syscall: 'getaddrinfo',
    hostname,
  })
}

export function connectFailed(
  code: 'ECONNREFUSED' | 'ETIMEDOUT',
  address: string,
  port: number,
): NodeJS.ErrnoException {
  return Object.assign(new Error(`connect ${code} ${address}:${port}`), {
    errno: -constants.errno[code],
    code,
    syscall: 'connect',
    address,
    port,
  })
}

export function connectionReset(): NodeJS.ErrnoException {
  const code = 'ECONNRESET'
  return Object.assign(new Error(`read ${code}`), { errno: -constants.errno[code], code, syscall: 'read' })
}
