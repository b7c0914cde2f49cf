import { parseArgs } from 'node:util'
import { UsageError } from './command.js'

/** The words of a command apart from its `--name value` options. Throws a UsageError for an option that it does not have. */
export const withOptions = <const Name extends string>(
  args: readonly string[],
  usage: string,
  names: readonly Name[],
): { readonly words: readonly string[]; readonly options: { readonly [N in Name]?: string } } => {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { words: positionals, options: values as { [N in Name]?: string } }
  } catch {
    throw new UsageError(`Use: npm run cli -- ${usage}`)
  }
}
