import { createInterface } from 'node:readline/promises'
import { UsageError } from './command.js'

/** Something to know: from an option, or else from whoever sits at the terminal. */
export interface Question<Answer> {
  readonly option: string
  readonly text: string
  /** What Enter alone means; null where there is nothing obvious. */
  readonly usual: string | null
  /** Null for what is no answer. */
  read(text: string): Answer | null
  /** What an answer looks like. */
  readonly hint: string
}

export interface Asker {
  ask<Answer>(question: Question<Answer>, given: string | undefined): Promise<Answer>
  close(): void
}

/**
 * Takes answers from options, and asks for the others on a terminal. Without one a missing or wrong answer throws a
 * UsageError that names the option.
 */
export const openAsker = (usage: string): Asker => {
  const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stderr }) : null
  return {
    ask: async ({ option, text, usual, read, hint }, given) => {
      const answer = given === undefined ? null : read(given)
      if (answer !== null) return answer
      if (given !== undefined || terminal === null)
        throw new UsageError(
          `--${option} ${given === undefined ? 'is missing' : 'is not right'}: ${hint}\nUse: npm run cli -- ${usage}`,
        )
      for (;;) {
        const typed = (await terminal.question(`${text}${usual === null ? '' : ` [${usual}]`}: `)).trim()
        const understood = read(typed === '' ? (usual ?? '') : typed)
        if (understood !== null) return understood
        process.stderr.write(`  ${hint}\n`)
      }
    },
    close: () => terminal?.close(),
  }
}
