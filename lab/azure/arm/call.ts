import type { Answer, Kind } from './kind.ts'
import type { Forced } from './mishaps.ts'

/** A request to ARM that has been let in. */
export type Call = {
  method: string
  /** Path with duplicate slashes collapsed, as asked. */
  path: string
  query: URLSearchParams
  headers: Headers
  body: unknown
  apiVersion: string
  /** `https://localhost:8443`, as the caller wrote it: polling urls begin with it. */
  origin: string
  principal: string
  forced: Forced
}

export type ResourceCall = Call & { kind: Kind; id: string }

/** `lost`: carried out, but the connection dies before the answer is sent. */
export type Carried = Answer & { lost?: boolean }
