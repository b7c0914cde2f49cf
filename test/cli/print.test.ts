import { describe, expect, test } from 'vitest'
import { printedText } from '../../src/cli/print.js'

const NINA = { owner: 'nina', key: '7loc_sc_0123456789', note: null }
const IVAN = { owner: 'ivan', key: '7loc_sc_9876543210', note: 'away' }
const printed = (...rows: (typeof NINA | typeof IVAN)[]) => ({ rows, empty: 'Nobody is there.' })
const inWindow = (columns: number | null) => ({ isJson: false, columns })

describe('what a command prints', () => {
  test('is a table, or a sentence where there is nothing', () => {
    expect(printedText(printed(NINA, IVAN), inWindow(80))).toBe(
      'owner  key                 note\nnina   7loc_sc_0123456789\nivan   7loc_sc_9876543210  away',
    )
    expect(printedText(printed(), inWindow(80))).toBe('Nobody is there.')
  })

  test('is one field under the other where a single row does not fit the window', () => {
    expect(printedText(printed(IVAN), inWindow(20))).toBe('owner  ivan\nkey    7loc_sc_9876543210\nnote   away')
    expect(printedText(printed(NINA), inWindow(20))).toBe('owner  nina\nkey    7loc_sc_0123456789')
    expect(printedText(printed(NINA, IVAN), inWindow(20)).split('\n')).toHaveLength(3)
    expect(printedText(printed(NINA), inWindow(null)).split('\n')).toHaveLength(2)
  })

  test('is JSON for another program', () => {
    expect(JSON.parse(printedText(printed(NINA), { isJson: true, columns: 20 }))).toEqual([NINA])
  })
})
