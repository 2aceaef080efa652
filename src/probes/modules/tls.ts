import { inWords, socketReason } from '../socket-reason.ts'
import { halted, judged, type Module } from './module.ts'

const dayMs = 86_400_000

/** The certificate is trusted, for this name, and good for some time yet. Versions before TLS 1.2 do not get as far as that. */
export const tls: Module<'tls'> = async (target, tools, signal) => {
  const shaken = await tools.connect(target, true, signal)
  if (shaken.is === 'halted') return halted(shaken, shaken)
  const { certificate } = shaken
  if (!certificate) throw new Error('a handshake ended without a certificate')
  const until = new Date(certificate.validUntilMs).toISOString().slice(0, 10)
  const where = `${target.host}:${target.port}`
  if (certificate.trouble)
    return judged(
      {
        result: 'fail',
        reason: socketReason(certificate.trouble),
        why: `the certificate of ${where} does not hold: ${inWords(certificate.trouble)}; ${shaken.trace.at(-1)}`,
        stoppedIn: 'tls',
      },
      shaken,
    )
  const daysLeft = Math.floor((certificate.validUntilMs - tools.nowMs()) / dayMs)
  return daysLeft < target.daysLeft
    ? judged(
        {
          result: 'fail',
          reason: 'CertificateExpiresSoon',
          why: `the certificate of ${where} ends ${until}: ${daysLeft} days left of the ${target.daysLeft} it must have`,
          stoppedIn: 'tls',
        },
        shaken,
      )
    : judged(
        { result: 'pass', reason: 'Works', why: `the certificate of ${where} is good until ${until}` },
        shaken,
      )
}
