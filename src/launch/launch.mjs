// The first thing that runs, on whatever Node there is: no dependencies, and nothing newer than Node 14, so that an old
// Node reads as far as the sentence that says so.
import { readFileSync } from 'node:fs'

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const needed = engines.node.replace('>=', '')

/** @param {string} version */
const partsOf = (version) => version.split('.').map(Number)
const [major = 0, minor = 0] = partsOf(process.versions.node)
const [neededMajor = 0, neededMinor = 0] = partsOf(needed)

if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  console.error(
    `stampcast needs Node ${needed} or newer, and this is Node ${process.versions.node}: ` +
      'install a newer one from https://nodejs.org and run the command again.',
  )
  process.exitCode = 1
} else {
  const { runCommand } = await import('./commands.mjs')
  await runCommand(process.argv[2], process.argv.slice(3))
}
