import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LaunchError } from './launch-error.mjs'

const POLL_MS = 100
const PATIENCE_MS = 15 * 60_000

/**
 * Runs `work` while no other process holds the lock file. The lock of a process that has died counts as free.
 * @template T
 * @param {string} file
 * @param {() => T} work
 * @returns {T}
 */
export const withLock = (file, work) => {
  acquire(file)
  try {
    return work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** @param {string} file */
const acquire = (file) => {
  const deadline = Date.now() + PATIENCE_MS
  let announced = false
  while (!tryAcquire(file)) {
    const owner = ownerOf(file)
    if (owner === null) continue
    if (!isAlive(owner)) {
      rmSync(file, { force: true })
      continue
    }
    if (!announced) console.error(`Waiting for process ${owner}, which is installing or building here …`)
    announced = true
    if (Date.now() > deadline)
      throw new LaunchError(`Process ${owner} still holds ${file}: if it is not an install, delete that file.`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
  }
}

/**
 * A link appears with its content or not at all, so nobody ever reads a lock without an owner.
 * @param {string} file
 */
const tryAcquire = (file) => {
  mkdirSync(path.dirname(file), { recursive: true })
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, String(process.pid))
  try {
    linkSync(mine, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(mine, { force: true })
  }
}

/** @param {string} file */
const ownerOf = (file) => {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/**
 * In a container a restarted process gets its predecessor's number: our own number in the file means a dead owner.
 * @param {number} pid
 */
const isAlive = (pid) => {
  if (pid === process.pid || !Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && 'code' in error ? error.code : undefined)
