import { type KeyObject, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseMasterKey } from './config/values.js'
import type { Config } from './config.js'
import { AppError } from './errors.js'

/**
 * The 32 bytes that seal stored tokens: from MASTER_KEY, or from a file in DATA_DIR that the first start creates. Throws
 * AppError('misconfigured') when the file holds no key: a new one would make everything sealed unreadable.
 */
export const loadMasterKey = (config: Config['masterKey']): KeyObject => {
  if (config.source === 'environment') return config.key
  const text = readIfThere(config.file) ?? createKeyFile(config.file)
  const key = parseMasterKey(text.trim())
  if (key) return key
  throw new AppError(
    'misconfigured',
    `${config.file} does not hold a master key: put it back from a backup, or delete it and enter all connections again.`,
  )
}

/**
 * A link appears with its whole content or not at all, and only once: of two processes that start together one creates the
 * key and both read the same.
 */
const createKeyFile = (file: string): string => {
  mkdirSync(path.dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    writeSynced(draft, `${randomBytes(32).toString('base64')}\n`)
    linkUnlessThere(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(file, 'utf8')
}

const writeSynced = (file: string, text: string) => {
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const linkUnlessThere = (draft: string, file: string) => {
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
}

const readIfThere = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

const hasCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code
