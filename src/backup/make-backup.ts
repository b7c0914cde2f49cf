import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copySqlite } from './copy-sqlite.js'

export interface MakeBackup {
  /** The SQLite file. */
  readonly database: string
  readonly folder: string
  /** Which master key opens what is sealed in it. */
  readonly masterKeyFingerprint: string
  /** Unix ms */
  readonly now: number
  /** `share` is from 0 to 1. */
  onProgress(share: number): void
}

export type BackupOutcome =
  | { readonly kind: 'made'; readonly file: string; readonly bytes: number; readonly sha256: string }
  /** Nothing was kept; `sentence` says what to change. */
  | { readonly kind: 'refused'; readonly sentence: string }

/** Makes a verified copy of the database in the folder, with a note beside it that says what it is. */
export const makeBackup = async (asked: MakeBackup): Promise<BackupOutcome> => {
  const { folder, now } = asked
  const madeAt = new Date(now).toISOString()
  const file = join(folder, `stampcast-${madeAt.replaceAll(/[:.]/g, '-')}.sqlite`)
  const draft = `${file}.part`
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await copyVerified(asked, { file, draft, madeAt })
  } catch (error) {
    const why = whyNot(error)
    if (why === null) throw error
    return refuse(`No backup was made in ${folder}: ${why}`)
  }
}

const copyVerified = async (
  { database, masterKeyFingerprint, onProgress }: MakeBackup,
  { file, draft, madeAt }: { readonly file: string; readonly draft: string; readonly madeAt: string },
): Promise<BackupOutcome> => {
  const note = `${file}.json`
  let isKept = false
  try {
    const wrong = await copySqlite({ from: database, to: draft, onProgress })
    if (wrong !== null) return refuse(`The copy is not whole, and was not kept: ${wrong}`)
    const { size: bytes } = await stat(draft)
    const sha256 = await hashOf(draft)
    const said = { made_at: madeAt, bytes, sha256, integrity_check: 'ok', master_key_fingerprint: masterKeyFingerprint }
    await writeFile(note, `${JSON.stringify(said, null, 2)}\n`, { mode: 0o600, flush: true })
    await rename(draft, file)
    isKept = true
    return { kind: 'made', file, bytes, sha256 }
  } finally {
    for (const left of isKept ? [] : [draft, note]) await rm(left, { force: true })
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'there is no room on its disk.',
  ENOSPC: 'there is no room on its disk.',
  SQLITE_CANTOPEN: 'nothing can be written there.',
  EACCES: 'you may not write there.',
  EPERM: 'you may not write there.',
  EROFS: 'nothing can be written there.',
  EEXIST: 'it is a file.',
  ENOTDIR: 'it is not a folder.',
}

const whyNot = (error: unknown): string | null => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return SENTENCES[code] ?? null
}

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes)
  return hash.digest('hex')
}

const refuse = (sentence: string): BackupOutcome => ({ kind: 'refused', sentence })
