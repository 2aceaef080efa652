import { expand } from '../environment/expand.ts'
import type { Document } from '../environment/schema.ts'
import { audit } from '../gateway-audit/audit.ts'
import type { Finding } from '../gateway-audit/finding.ts'
import { balancedPools } from '../gateway-audit/observed.ts'
import { readGateway, type Unread } from '../gateway-audit/read.ts'
import { type Gauges, readFigures } from '../gateway-audit/read-figures.ts'
import type { World } from './deeds.ts'

export interface Audited {
  environment: string
  /** What costs most first. */
  findings: Finding[]
  /** What could not be read, and so was not judged. */
  unread: Unread[]
}

/** Judges the live gateway of an environment, all that is in it, with what it did in the last hours. Reads only; nothing is stored. */
export async function auditGateway(
  { arm, surroundings, ...gauges }: Pick<World, 'arm' | 'surroundings'> & Gauges,
  document: Document,
  nowMs: number,
): Promise<Audited> {
  const service = expand(document, surroundings).find(({ kind }) => kind === 'api-management')
  if (!service) throw new Error(`${document.name} has no API Management service`)
  const { live, unread } = await readGateway(arm, service.id)
  const measured = await readFigures(gauges, live, nowMs)
  return {
    environment: document.name,
    findings: audit({ ...live, balanced: balancedPools(document), figures: measured.figures }),
    unread: [...unread, ...measured.unread],
  }
}
