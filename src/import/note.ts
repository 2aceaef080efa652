/** What a reader of an imported document must know, because the document itself cannot say it. */
export interface Note {
  is: /** One of several, or found by a rule that may be wrong. */
    | 'taken'
    /** Described as somebody else's: observed, never written. */
    | 'existing'
    /** Stands in Azure, and the document does not say it. */
    | 'left out'
    /** Said by the document, and not read from Azure. */
    | 'assumed'
    | 'unreadable'
    /** The document would not be accepted as it is. */
    | 'fault'
  /** Field of the document. */
  path?: string
  /** ARM id. */
  resource?: string
  /** Why. */
  message: string
  /** What to do, where there is something. */
  remedy?: string
}

export type Tell = (note: Note) => void
