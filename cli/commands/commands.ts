import type { Command } from 'commander'
import type { Client } from '../client.ts'

/** Adds verbs to the command line. */
export type Commands = (program: Command, open: Open) => void

/** The app, as the options before the verb name it. */
export type Open = () => {
  client: Client
  json: boolean
  /** Prints what the app said: as one JSON document, or in lines for people. */
  show<View>(view: View, lines: (view: View) => string[]): void
}
