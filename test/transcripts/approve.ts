import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const FOLDER = new URL('./approved/', import.meta.url)

/** `UPDATE_TRANSCRIPTS=1` approves what the program says now. */
const isUpdating = process.env.UPDATE_TRANSCRIPTS === '1'

/** Fails with a line by line difference if a transcript is not what was approved. */
export const expectApproved = (fileName: string, transcript: string): void => {
  const file = new URL(fileName, FOLDER)
  if (isUpdating) writeFileSync(file, transcript)
  expect(existsSync(file), `${fileName} is not approved yet: run again with UPDATE_TRANSCRIPTS=1 and read it`).toBe(
    true,
  )
  expect(transcript, `${fileName} has changed`).toBe(readFileSync(file, 'utf8'))
}

/** The names of all approved transcripts; approving drops those that nothing plays any more. */
export const approvedFiles = (played: readonly string[]): readonly string[] => {
  const names = readdirSync(FOLDER).toSorted()
  if (!isUpdating) return names
  for (const name of names) if (!played.includes(name)) rmSync(new URL(name, FOLDER))
  // Those that are new are being written by their own tests at this moment.
  return played.toSorted()
}
