import { describe, expect, test } from 'vitest'
import { openCommandLine } from '../support/command-line.js'

const openPolicy = async () => {
  const { run } = await openCommandLine()
  return (...args: string[]) => run('deliveries policy', ...args)
}

describe('deliveries policy', () => {
  test('holds everything unknown until told otherwise, and can be told back', async () => {
    const policy = await openPolicy()
    const rowsOf = async (...args: string[]) => (await policy(...args)).rows
    expect(await rowsOf()).toEqual(
      ['event', 'message', 'receipt', 'alert', 'answer'].map((purpose) => ({ purpose, unknown: 'hold' })),
    )
    expect(await rowsOf('alert', 'resend')).toContainEqual({ purpose: 'alert', unknown: 'resend' })
    expect(await rowsOf('alert', 'resend')).toContainEqual({ purpose: 'event', unknown: 'hold' })
    expect(await rowsOf('alert', 'hold')).toContainEqual({ purpose: 'alert', unknown: 'hold' })
  })

  test('says what can be said', async () => {
    const policy = await openPolicy()
    await expect(policy('alarm', 'resend')).rejects.toThrow('there are event, message, receipt, alert, answer')
    await expect(policy('alert', 'maybe')).rejects.toThrow('alert hold | resend')
    await expect(policy('alert')).rejects.toThrow('alert hold | resend')
  })
})
