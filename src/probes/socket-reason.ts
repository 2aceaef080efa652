import type { Reason } from './reason.ts'

/** Codes of errors that Node's resolver, sockets and TLS end in, as reasons; whole families by their beginning. */
const byCode: [RegExp, Reason][] = [
  [/^(ENOTFOUND|ENODATA|EAI_NODATA|EAI_NONAME)$/, 'NameNotFound'],
  [/^(EAI_AGAIN|EAI_FAIL|ESERVFAIL|ETIMEOUT|EREFUSED|EBADRESP|ECANCELLED)$/, 'ResolverFailed'],
  [/^ECONNREFUSED$/, 'Refused'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'TimedOut'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/, 'NoRoute'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, 'Reset'],
  [/^CERT_HAS_EXPIRED$/, 'CertificateExpired'],
  [/^CERT_NOT_YET_VALID$/, 'CertificateNotYetValid'],
  [/^ERR_TLS_CERT_ALTNAME/, 'CertificateNameMismatch'],
  [/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|INVALID_PURPOSE)/, 'CertificateUntrusted'],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_)/, 'TlsFailed'],
]

/** Why a connection failed, by the error it ended in. */
export function socketReason(error: unknown): Reason {
  const code = codeOf(error)
  return byCode.find(([pattern]) => pattern.test(code))?.[1] ?? 'ConnectionFailed'
}

/** The error in one line, without what a library adds of its own. */
export const inWords = (error: unknown): string =>
  String((error as Error | undefined)?.message ?? error).split('\n', 1)[0] ?? ''

const codeOf = (error: unknown) => String((error as NodeJS.ErrnoException | undefined)?.code ?? '')
