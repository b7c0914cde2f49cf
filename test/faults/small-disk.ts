import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, onTestFinished } from 'vitest'

const SIZE = '24m'
/** What a full disk keeps free is less than this. */
const LEAST_FREE_BYTES = 64 * 1024

/** A disk of 24 MB, in memory. It goes with the test. */
export interface SmallDisk {
  readonly folder: string
  /** Takes all the space there is. */
  fill(): void
  /** Gives it back. */
  free(): void
}

/** Only root may mount a disk: a suite that needs one is skipped for others, and tells why. */
export const describeOnSmallDisk = (name: string, suite: () => void): void => {
  if (process.getuid?.() === 0 && process.platform === 'linux') {
    describe(name, suite)
    return
  }
  const reason = 'a small disk is mounted by root only'
  console.warn(`${name}: skipped, ${reason}`)
  describe.skip(`${name} (skipped: ${reason})`, suite)
}

export const mountSmallDisk = (): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder])
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill: () => {
      const { bavail, bsize } = statfsSync(folder)
      for (let size = bavail * bsize; size > 0; size -= LEAST_FREE_BYTES) {
        try {
          return writeFileSync(ballast, Buffer.alloc(size), { flag: 'w' })
        } catch {
          // Somebody was faster.
        }
      }
    },
    free: () => rmSync(ballast, { force: true }),
  }
}
