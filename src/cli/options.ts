import { parseArgs } from 'node:util'
import { UsageError } from './command.js'

interface Given<Name extends string, Flag extends string> {
  readonly words: readonly string[]
  readonly options: { readonly [N in Name]?: string }
  readonly flags: { readonly [F in Flag]?: boolean }
}

/**
 * The words of a command apart from its `--name value` options and its `--flag`s. Throws a UsageError that shows `usage` for
 * an option that the command does not have.
 */
export const withOptions = <const Name extends string, const Flag extends string = never>(
  args: readonly string[],
  usage: string,
  { names = [], flags = [] }: { readonly names?: readonly Name[]; readonly flags?: readonly Flag[] },
): Given<Name, Flag> => {
  const declared = [
    ...names.map((name) => [name, { type: 'string' as const }] as const),
    ...flags.map((flag) => [flag, { type: 'boolean' as const }] as const),
  ]
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: Object.fromEntries(declared),
      allowPositionals: true,
    })
    return {
      words: positionals,
      options: values as { [N in Name]?: string },
      flags: values as { [F in Flag]?: boolean },
    }
  } catch {
    throw new UsageError(`Use: npm run cli -- ${usage}`)
  }
}

/** The moment that `--name` gives, Unix ms; null without it. Throws a UsageError for what is no time. */
export const timeIn = (name: string, text: string | undefined): number | null => {
  if (text === undefined) return null
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new UsageError(`Write --${name} as 2026-05-11 or 2026-05-11T12:30:00Z.`)
  return ms
}
