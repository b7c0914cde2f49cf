import { createInterface, type Interface } from 'node:readline/promises'
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

export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
}

/**
 * Takes answers from options, and asks for the others on a terminal. Without one a missing or wrong answer throws a
 * UsageError that names the option, and an end of the input (Ctrl+C, Ctrl+D) one that says that nothing was made.
 */
export const openAsker = (usage: string, at: Terminal = { input: process.stdin, output: process.stderr }): Asker => {
  const terminal = at.input.isTTY ? createInterface({ input: at.input, output: at.output }) : null
  const ended = new AbortController()
  // A question that is open when the input ends would be answered never.
  terminal?.once('close', () => ended.abort())
  const typedAnswer = async (terminal: Interface, prompt: string): Promise<string> => {
    try {
      return (await terminal.question(prompt, { signal: ended.signal })).trim()
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error
      throw new UsageError('\nStopped before the last answer: nothing was made.')
    }
  }
  return {
    ask: async ({ option, text, usual, read, hint }, given) => {
      const answer = given === undefined ? null : read(given)
      if (answer !== null) return answer
      if (given !== undefined || terminal === null)
        throw new UsageError(
          `--${option} ${given === undefined ? 'is missing' : 'is not right'}: ${hint}\nUse: npm run cli -- ${usage}`,
        )
      for (;;) {
        const typed = await typedAnswer(terminal, `${text}${usual === null ? '' : ` [${usual}]`}: `)
        const understood = read(typed === '' ? (usual ?? '') : typed)
        if (understood !== null) return understood
        at.output.write(`  ${hint}\n`)
      }
    },
    close: () => terminal?.close(),
  }
}
