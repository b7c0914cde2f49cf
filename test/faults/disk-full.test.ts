import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { cardIssued } from '../e2e/frames.js'
import { describeWith } from '../support/engines.js'
import { openInstallation, type WebProgram } from '../support/program.js'

const DISK = '24m'
/** What a full disk keeps free is less than this. */
const LEAST_FREE_BYTES = 64 * 1024
const SOON = { timeout: 20_000, interval: 200 }

/** Only root may mount a small disk. */
const smallDiskMissing = (): string | null =>
  process.getuid?.() === 0 && process.platform === 'linux' ? null : 'a small disk is mounted by root only'

/** A disk of 24 MB, in memory. */
const mountSmallDisk = () => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder])
  const ballast = join(folder, 'ballast')
  return {
    folder,
    /** Takes all the space there is. */
    fill: () => {
      for (let size = statfsSync(folder).bavail * statfsSync(folder).bsize; size > 0; ) {
        try {
          writeFileSync(ballast, Buffer.alloc(size), { flag: 'w' })
          return
        } catch {
          size -= LEAST_FREE_BYTES
        }
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      execFileSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const post = async ({ webhookUrl }: WebProgram, id: string) => {
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...cardIssued({ id: `c_${id}`, name: 'Guest '.repeat(30), language: 'en' }), id }),
  })
  await response.arrayBuffer()
  return { status: response.status, retryAfter: response.headers.get('retry-after') }
}

const statusOf = async (program: WebProgram, path: string) => (await fetch(program.url + path)).status

describeWith('a small disk', smallDiskMissing(), () => {
  test('a full disk turns webhooks away with 503, reads go on, and it recovers by itself', async () => {
    const disk = mountSmallDisk()
    const installation = openInstallation({ env: { DATA_DIR: join(disk.folder, 'data') } })
    try {
      const program = await installation.start()
      expect((await post(program, 'before')).status).toBe(202)
      disk.fill()
      const accepted = ['before']
      const refused: (string | null)[] = []
      for (let n = 0; refused.length < 20 && n < 5_000; n++) {
        const { status, retryAfter } = await post(program, `full_${n}`)
        if (status === 202) accepted.push(`full_${n}`)
        else {
          expect(status).toBe(503)
          refused.push(retryAfter)
        }
      }
      expect(refused).toHaveLength(20)
      for (const retryAfter of refused) expect(Number(retryAfter)).toBeGreaterThan(0)

      expect(await statusOf(program, '/healthz')).toBe(200)
      expect(await statusOf(program, '/try')).toBe(200)
      const readiness = await fetch(`${program.url}/readyz`)
      expect(readiness.status).toBe(503)
      expect(await readiness.json()).toMatchObject({ checks: { database: expect.not.stringMatching(/^ok$/) } })

      disk.free()
      await vi.waitFor(async () => expect((await post(program, 'after')).status).not.toBe(503), SOON)
      accepted.push('after')
      await vi.waitFor(async () => expect(await statusOf(program, '/readyz')).toBe(200), SOON)
      // What was accepted is known again; what was turned away is new.
      for (const id of accepted) expect((await post(program, id)).status).toBe(200)
      expect((await post(program, 'new')).status).toBe(202)
      expect((await program.stop()).code).toBe(0)
    } finally {
      await installation.close()
      disk.remove()
    }
  })
})
