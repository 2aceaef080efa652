/** The two ways in which a policy can fail, and why they must not be mixed up. */

/** What a policy meets on Azure, too: `context.LastError` tells of it, and the on-error section may answer. */
export class PolicyError extends Error {
  /** `context.LastError.Reason`. */
  readonly reason: string
  /** What the caller gets where no on-error section says otherwise. */
  readonly answer: { status: number; message: string; headers?: Record<string, string> }
  /** A call to a backend that ended without a response: what `retry` may try again. */
  readonly isUnanswered: boolean

  constructor(
    reason: string,
    message: string,
    answer: PolicyError['answer'] = { status: 500, message: 'Internal server error' },
    isUnanswered = false,
  ) {
    super(message)
    this.reason = reason
    this.answer = answer
    this.isUnanswered = isUnanswered
  }
}

/** What Azure does and the lab does not: goes past on-error to the caller, so that no policy can hide it. */
export class NotSimulated extends Error {
  constructor(what: string) {
    super(`not simulated: ${what}`)
  }
}
