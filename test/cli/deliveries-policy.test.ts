import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { setUpFirstBusiness } from '../../src/business/first-business.js'
import { COMMANDS } from '../../src/cli/commands.js'
import { readConfig } from '../../src/config.js'
import { openFoundation } from '../../src/main/foundation.js'

const openCommandLine = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  const machine = { workingDir: folder, timeZone: 'Europe/Kyiv', readFile: () => Buffer.alloc(0) }
  const config = readConfig({ DATA_DIR: folder, DEMO: '0', LOG_LEVEL: 'silent' }, machine)
  const foundation = await openFoundation(config, fileURLToPath(new URL('../../locales/', import.meta.url)))
  onTestFinished(async () => {
    await foundation.close()
    rmSync(folder, { recursive: true })
  })
  const { id: firstBusinessId } = await setUpFirstBusiness({ ...foundation, store: foundation.businesses })
  return async (...args: string[]) => COMMANDS['deliveries policy']?.run({ foundation, firstBusinessId }, args)
}

describe('deliveries policy', () => {
  test('holds everything unknown until told otherwise, and can be told back', async () => {
    const policy = await openCommandLine()
    const rowsOf = async (...args: string[]) => (await policy(...args))?.rows
    expect(await rowsOf()).toEqual(
      ['event', 'receipt', 'alert', 'answer'].map((purpose) => ({ purpose, unknown: 'hold' })),
    )
    expect(await rowsOf('alert', 'resend')).toContainEqual({ purpose: 'alert', unknown: 'resend' })
    expect(await rowsOf('alert', 'resend')).toContainEqual({ purpose: 'event', unknown: 'hold' })
    expect(await rowsOf('alert', 'hold')).toContainEqual({ purpose: 'alert', unknown: 'hold' })
  })

  test('says what can be said', async () => {
    const policy = await openCommandLine()
    await expect(policy('alarm', 'resend')).rejects.toThrow('there are event, receipt, alert, answer')
    await expect(policy('alert', 'maybe')).rejects.toThrow('alert hold | resend')
    await expect(policy('alert')).rejects.toThrow('alert hold | resend')
  })
})
