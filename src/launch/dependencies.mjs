import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LaunchError } from './launch-error.mjs'

/**
 * True when node_modules holds what package-lock.json asks for, built for this Node. A stamp remembers the last look, so
 * that the usual start reads two small things; an install made by hand (`npm ci`, `npm i …`) is recognised as well.
 * @param {string} root
 */
export const dependenciesAreCurrent = (root) => {
  const current = currentStamp(root)
  const stamp = readIfThere(stampOf(root))
  if (stamp === current) return true
  const otherNode = stamp !== null && nodeOf(stamp) !== nodeOf(current)
  if (otherNode || !installedMatchesLockfile(root)) return false
  writeFileSync(stampOf(root), current)
  return true
}

/**
 * Installs exactly the lockfile, the compiler included, whatever NODE_ENV says.
 * @param {string} root
 */
export const installDependencies = (root) => {
  console.error('Installing dependencies (npm ci); the first time this may take some minutes …')
  const { status, error } = runNpm(root, ['ci', '--include=dev'])
  if (error) throw new LaunchError(`npm could not be started (${error.message}): install Node together with npm.`)
  if (status !== 0)
    throw new LaunchError('The dependencies could not be installed: mend what npm says above and run it again.')
  writeFileSync(stampOf(root), currentStamp(root))
}

/**
 * The npm that started us where there is one; its messages go to stderr, so that a command's own output stays clean.
 * @param {string} root
 * @param {string[]} args
 */
const runNpm = (root, args) => {
  const npm = process.env.npm_execpath
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  if (npm?.endsWith('.js')) return spawnSync(process.execPath, [npm, ...args], options)
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

/** @param {string} root */
const stampOf = (root) => path.join(root, 'node_modules', '.stampcast')

/**
 * The lockfile, and the Node that native modules are built for.
 * @param {string} root
 */
const currentStamp = (root) => {
  const lockfile = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  return `${lockfile} ${process.platform}-${process.arch}-${process.versions.modules}`
}

/** @param {string} stamp */
const nodeOf = (stamp) => stamp.split(' ')[1]

/**
 * npm writes what it has installed into node_modules/.package-lock.json as its last step, so a broken-off install has
 * none. Optional packages are missing where they are meant for other machines.
 * @param {string} root
 */
const installedMatchesLockfile = (root) => {
  const installed = packagesIn(path.join(root, 'node_modules', '.package-lock.json'))
  if (installed === null) return false
  const wanted = packagesIn(path.join(root, 'package-lock.json')) ?? {}
  const complete = Object.entries(wanted).every(([place, entry]) => {
    const there = installed[place]
    return there === undefined ? place === '' || entry.optional === true : isSame(there, entry)
  })
  return complete && Object.keys(installed).every((place) => place in wanted)
}

/**
 * @typedef {{ version?: string, integrity?: string, resolved?: string, optional?: boolean }} LockEntry
 * @param {string} file
 * @returns {Record<string, LockEntry> | null}
 */
const packagesIn = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null)

/**
 * @param {LockEntry} one
 * @param {LockEntry} other
 */
const isSame = (one, other) => one.version === other.version && one.integrity === other.integrity

/** @param {string} file */
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null)
