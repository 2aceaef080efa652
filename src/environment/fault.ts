/** One thing wrong with a document: where, what, and what to do about it. */
export interface Fault {
  /** Path of the field, such as `network.subnets.apim`; empty for the document itself. */
  path: string
  problem: string
  remedy: string
}
