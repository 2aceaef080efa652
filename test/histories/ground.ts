import type { ArmObject, Fault, JournalRow } from '../../lab/azure-client.ts'
import type { Document } from '../../src/environment/schema.ts'
import type { Surroundings } from '../../src/environment/surroundings.ts'
import type { OperationView } from '../../src/operations/show.ts'

/** How an operation goes: the moments at which something is killed, and whether somebody approves what waits for a person (else it is cancelled). */
export interface How {
  kills: number[]
  approves: boolean
}

/** What a history is played on. Two of them: the loop in this process, and the running lab spoken to over HTTP. */
export interface Ground {
  surroundings: Surroundings
  /** Sends a document and follows its operation to the end. */
  apply(document: Document, how: How): Promise<OperationView>
  /** The same for what is asked of the stored document; undefined: there is no environment. */
  repair(how: How): Promise<OperationView | undefined>
  destroy(includeProtected: boolean, how: How): Promise<OperationView | undefined>
  /** The steps that applying a document would take now. */
  planned(document: Document): Promise<string[]>
  resources(): Promise<ArmObject[]>
  /** What Azure was asked since the row with this number. */
  journal(since?: number): Promise<JournalRow[]>
  addFault(fault: Fault): Promise<unknown>
  clearFaults(): Promise<void>
  stranger: Stranger
  /** The home and nothing else; or, given a document, an environment provisioned from it and left in peace. */
  reset(provisioned?: Document): Promise<void>
  close(): Promise<unknown>
}

/** A call to ARM by somebody who is not the app, and the time Azure needs for it; the status it was answered with. */
export type Stranger = (method: string, path: string, body?: unknown) => Promise<number>

export const strangerId = '00000000-0000-4000-8000-00000000ba5e'
