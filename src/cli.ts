import { fileURLToPath } from 'node:url'
import { setUpFirstBusiness } from './business/first-business.js'
import { type CommandContext, type Printed, UsageError } from './cli/command.js'
import { COMMANDS } from './cli/commands.js'
import { helpText, printedText } from './cli/print.js'
import { SECRETS_COMMANDS } from './cli/secrets-commands.js'
import { systemClock } from './clock.js'
import { loadConfig } from './config.js'
import { keepHeapSmall } from './heap.js'
import { openFoundation } from './main/foundation.js'
import { startFailure } from './start-failure.js'

keepHeapSmall()

/** Opens the database of the environment for one command, and closes it again. */
const withContext = async (work: (context: CommandContext) => Promise<Printed>): Promise<Printed> => {
  const config = { ...loadConfig(), logLevel: 'warn' as const }
  const localesDir = fileURLToPath(new URL('../locales/', import.meta.url))
  // Whoever posts webhooks to the running program goes first: a command can wait, as a worker can.
  const foundation = await openFoundation(config, localesDir, systemClock, { givesWay: true })
  try {
    const { id } = await setUpFirstBusiness({ ...foundation, store: foundation.businesses })
    return await work({ foundation, firstBusinessId: id })
  } finally {
    await foundation.close()
  }
}

/** A command is one word or two. */
const findCommand = (words: readonly string[]) => {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const command = COMMANDS[name] ?? SECRETS_COMMANDS[name]
    if (command) return { command, args: words.slice(length) }
  }
  return null
}

const HELP = helpText([...Object.values(COMMANDS), ...Object.values(SECRETS_COMMANDS)])

const run = async (words: readonly string[]): Promise<void> => {
  const isJson = words.includes('--json')
  const given = words.filter((word) => word !== '--json')
  if (given.length === 0 || words.includes('--help')) {
    console.log(HELP)
    return
  }
  const found = findCommand(given)
  if (!found) throw new UsageError(`There is no command "${given.slice(0, 2).join(' ')}".\n\n${HELP}`)
  const { command, args } = found
  const printed =
    'runOffline' in command
      ? await command.runOffline(loadConfig())
      : await withContext((context) => command.run(context, args))
  console.log(printedText(printed, isJson))
  if (!printed.failed) return
  // Rows alone cannot say why there are none.
  if (isJson && printed.rows.length === 0) console.error(printed.empty)
  process.exitCode = printed.exitCode ?? 1
}

run(process.argv.slice(2)).catch((error: unknown) => {
  const sentence = error instanceof UsageError ? error.message : startFailure(error)
  console.error(sentence ?? error)
  process.exitCode = 1
})
