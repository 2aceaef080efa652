// Random programs for the orchestrator of app.ts: every leaf has a known answer, so that a mixed-up task shows as a wrong value.
export type Leaf =
  | { do: 'square'; key: string; n: number; ms: number }
  | { do: 'fail'; key: string; ms: number }
  | { do: 'wait'; seconds: number }

export type Step = Leaf | { do: 'all' | 'any'; of: Step[] }

/** One generation is one execution; between them the program continues as new. */
export interface Program {
  generations: Step[][]
  results: unknown[]
}

/** What an activity answers, or tells in the message of its failure. `run` is unique to this run of it. */
export interface Ran {
  key: string
  run: string
  square?: number
}
