import { type Command, type OfflineCommand, UsageError } from './command.js'
import { helpOn } from './help.js'

export type AnyCommand = Command | OfflineCommand

/** What the words after `npm run cli --` ask for. */
export type Asked =
  | { readonly kind: 'overview' }
  /** How these commands are written: one, or all that share the first word. */
  | { readonly kind: 'help'; readonly commands: readonly AnyCommand[] }
  | { readonly kind: 'run'; readonly command: AnyCommand; readonly args: readonly string[]; readonly isJson: boolean }

/** Without dashes only the first word asks for help: behind it, it is what somebody or something is called. */
const asksForHelp = (word: string, at: number): boolean =>
  word === '--help' || word === '-h' || (word === 'help' && at === 0)

/**
 * Finds the command of one word or two. Throws a UsageError for words that are none, and for an option that the command's
 * usage does not name: a mistyped `--dry-run` must not become a real run.
 */
export const findCommand = (words: readonly string[], known: Readonly<Record<string, AnyCommand>>): Asked => {
  const isHelp = words.some(asksForHelp)
  const given = words.filter((word, at) => word !== '--json' && !asksForHelp(word, at))
  const [first] = given
  if (first === undefined) return { kind: 'overview' }
  const found = commandOf(given, known)
  const group = Object.entries(known).flatMap(([name, command]) => (name.split(' ')[0] === first ? [command] : []))
  if (isHelp && (found || group.length > 0)) return { kind: 'help', commands: found ? [found.command] : group }
  if (!found) throw noCommand(given, group)
  refuseUnknownOption(found)
  return { kind: 'run', ...found, isJson: words.includes('--json') }
}

interface Found {
  readonly command: AnyCommand
  readonly args: readonly string[]
}

const commandOf = (words: readonly string[], known: Readonly<Record<string, AnyCommand>>): Found | null => {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const command = Object.hasOwn(known, name) ? known[name] : undefined
    if (command) return { command, args: words.slice(length) }
  }
  return null
}

const noCommand = (words: readonly string[], group: readonly AnyCommand[]): UsageError => {
  const [first, second] = words
  if (group.length === 0) return new UsageError(`There is no command "${first}". What there is: npm run cli -- --help`)
  const wrong =
    second === undefined ? `"${first}" is not a whole command.` : `There is no command "${first} ${second}".`
  return new UsageError(`${wrong}\n\n${helpOn(group)}`)
}

const refuseUnknownOption = ({ command, args }: Found): void => {
  const end = args.indexOf('--')
  const names = args.slice(0, end < 0 ? args.length : end).flatMap((arg) => /^--[^=]+/.exec(arg)?.[0] ?? [])
  const allowed = new Set(command.usage.match(/--[a-z-]+/g))
  const unknown = names.find((name) => !allowed.has(name))
  if (unknown !== undefined)
    throw new UsageError(`There is no option ${unknown} here.\nUse: npm run cli -- ${command.usage}`)
}
