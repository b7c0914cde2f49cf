import type { Config } from '../config.js'
import type { Foundation } from '../main/foundation.js'

/** What a command prints: rows for a table or `--json`, and the sentence that stands for an empty table. */
export interface Printed {
  readonly rows: readonly Readonly<Record<string, string | number | null>>[]
  readonly empty: string
  /** True if what was asked could not be done. */
  readonly failed?: boolean
  /** What the process then ends with; 1 if nothing is said. */
  readonly exitCode?: number
  /** Instead of rows: printed as JSON, however it was asked for. */
  readonly document?: object
}

export interface Command {
  readonly usage: string
  readonly about: string
  run(context: CommandContext, args: readonly string[]): Promise<Printed>
}

/** A command that needs the program to stand still, and opens what it needs by itself. */
export interface OfflineCommand extends Pick<Command, 'usage' | 'about'> {
  runOffline(config: Config): Promise<Printed>
}

export interface CommandContext {
  readonly foundation: Foundation
  readonly firstBusinessId: string
}

/** Throws a UsageError that shows `usage` where a word is missing. */
export const required = (value: string | undefined, usage: string): string => {
  if (value !== undefined && value !== '') return value
  throw new UsageError(`Use: npm run cli -- ${usage}`)
}

/** The words given do not make a command. */
export class UsageError extends Error {}
