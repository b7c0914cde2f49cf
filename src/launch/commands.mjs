import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { LaunchError } from './launch-error.mjs'
import { prepare } from './prepare.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * What the npm scripts call. Each makes the checkout ready first, so that it works on a fresh clone.
 * @type {Record<string, (args: string[]) => void | Promise<void>>}
 */
const COMMANDS = {
  build: () => prepare(ROOT),
  start: (args) => runBuilt('dist/src/main.js', args),
  cli: (args) => runBuilt('dist/src/cli.js', args),
  bench: (args) => runBuilt('dist/bench/main.js', args),
  test: (args) => {
    prepare(ROOT)
    return runHere('node_modules/vitest/vitest.mjs', ['run', ...args])
  },
}

/**
 * @param {string | undefined} name
 * @param {string[]} args
 */
export const runCommand = async (name, args) => {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) throw new Error(`launch.mjs knows ${Object.keys(COMMANDS).join(', ')}, not "${name}".`)
  try {
    await command(args)
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

/**
 * @param {string} file
 * @param {string[]} args
 */
const runBuilt = (file, args) => {
  prepare(ROOT)
  process.setSourceMapsEnabled(true)
  return runHere(file, args)
}

/**
 * Runs a program in this very process: a second Node would cost 40 MB, and every signal and exit code would have to be
 * carried over.
 * @param {string} file
 * @param {string[]} args
 */
const runHere = async (file, args) => {
  const program = path.join(ROOT, file)
  process.argv = [process.execPath, program, ...args]
  stopWithNpm()
  await import(pathToFileURL(program).href)
}

/**
 * npm starts scripts through a shell and hands SIGTERM to that shell alone. Where the shell does not `exec` (Debian's)
 * it dies, npm ends, and this process would live on and hold the port. So whoever loses its parent stops the way
 * SIGTERM stops it, unless a signal has come already.
 */
const stopWithNpm = () => {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 200)
  watch.unref()
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.once(signal, () => {
      clearInterval(watch)
      // While the program has not said how it stops, a signal keeps its usual meaning.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
    })
}
