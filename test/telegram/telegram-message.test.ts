import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Button, OutgoingMessage } from '../../bots/messenger.js'
import {
  findFault,
  inlineMarkup,
  MAX_CAPTION_UNITS,
  MAX_TEXT_UNITS,
  markup,
  shorten,
} from '../../bots/telegram/telegram-message.js'
import { findBrokenRule } from '../doubles/telegram-rules.js'

const message = (fields: Partial<OutgoingMessage>): OutgoingMessage => ({ id: 'd_1', text: 'Hello', ...fields })

const anyText = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength }),
    fc.string({ unit: 'binary', maxLength }),
    fc
      .array(fc.constantFrom('a', ' ', '\n', '👩‍👩‍👧‍👦', '커피', '\ud83d', '\udc00', 'é', '🇺🇦', '<b>'), { maxLength })
      .map((parts) => parts.join('')),
  )

describe('a text that is too long', () => {
  test('fits whatever it holds, and has no half characters', () => {
    fc.assert(
      fc.property(anyText(300), fc.integer({ min: 1, max: 400 }), (text, maxUnits) => {
        const short = shorten(text, maxUnits)
        expect(short.length).toBeLessThanOrEqual(maxUnits)
        expect(short).not.toMatch(/\p{Surrogate}/u)
      }),
      { numRuns: 3_000 },
    )
  })

  test('is left alone when it is not too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
        expect(shorten(text, text.length)).toBe(text)
      }),
    )
  })

  test('keeps the text’s start, and ends with an ellipsis', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 60, maxLength: 300 }), (text) => {
        const short = shorten(text, 50)
        expect(short.endsWith('…')).toBe(true)
        expect(text.startsWith(short.slice(0, -1))).toBe(true)
      }),
    )
  })

  test('ends after a whole word', () => {
    expect(shorten('One more stamp and the next coffee is free', 22)).toBe('One more stamp and…')
    expect(shorten('One more stamp and the', 18)).toBe('One more stamp…')
    expect(shorten('One more stamp and the', 19)).toBe('One more stamp and…')
    expect(shorten('Kaffee\n\nSchokolade', 12)).toBe('Kaffee…')
  })

  test('is cut inside a word that has no end', () => {
    expect(shorten(`go ${'x'.repeat(500)}`, 400)).toBe(`go ${'x'.repeat(396)}…`)
    expect(shorten('커'.repeat(50), 10)).toBe(`${'커'.repeat(9)}…`)
  })

  test('loses a picture character whole rather than by half', () => {
    const family = '👩‍👩‍👧‍👦' // 11 units that are read as one
    expect(shorten(`ab${family}${family}`, 15)).toBe(`ab${family}…`)
  })
})

describe('a button’s action', () => {
  const withAction = (action: string) => message({ buttons: [[{ kind: 'action', label: 'Press', action }]] })

  test('has 1 to 64 bytes, and is otherwise refused before anything is sent', () => {
    fc.assert(
      fc.property(anyText(80), (action) => {
        const bytes = Buffer.byteLength(action)
        expect(findFault(withAction(action)) === null).toBe(bytes >= 1 && bytes <= 64)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is counted in bytes, not in letters', () => {
    expect(findFault(withAction('й'.repeat(32)))).toBeNull()
    expect(findFault(withAction('й'.repeat(33)))).toContain('64 bytes')
  })
})

test('whatever a message holds, Telegram takes what is made of it', () => {
  const button = fc.oneof(
    fc.record({ kind: fc.constant('action' as const), label: fc.constant('Act'), action: anyText(40) }),
    fc.record({ kind: fc.constant('copy' as const), label: fc.constant('Copy'), text: anyText(300) }),
    fc.record({
      kind: fc.constant('url' as const),
      label: fc.constant('Open'),
      url: fc.oneof(
        fc.webUrl(),
        fc.string(),
        fc.constantFrom('http://localhost:3000/c/x', 'http://127.0.0.1/', 'tel:1'),
      ),
    }),
  )
  fc.assert(
    fc.property(anyText(6_000), fc.array(fc.array(button, { maxLength: 3 }), { maxLength: 3 }), (text, buttons) => {
      const each = message({ text, buttons })
      fc.pre(findFault(each) === null && text.trim() !== '')
      const reply_markup = markup(each)
      const params = { chat_id: 1, text: shorten(text, MAX_TEXT_UNITS), ...(reply_markup && { reply_markup }) }
      expect(findBrokenRule({ method: 'sendMessage', params, files: new Map() })).toBeNull()
      const caption = shorten(text, MAX_CAPTION_UNITS)
      expect(findBrokenRule({ method: 'sendPhoto', params: { photo: 'id', caption }, files: new Map() })).toBeNull()
    }),
    { numRuns: 1_000 },
  )
})

describe('buttons that Telegram would refuse the whole message for are left out', () => {
  const buttonsOf = (...row: Button[]) => inlineMarkup(message({ buttons: [row] }))?.inline_keyboard

  test.each(['http://localhost:3000/c/1', 'http://127.0.0.1:3000/c/1', 'http://[::1]/', 'not a url', 'mailto:a@b.c'])(
    'the address %s',
    (url) => {
      expect(buttonsOf({ kind: 'url', label: 'Open', url })).toBeUndefined()
    },
  )

  test('a code that is too long to copy', () => {
    const copy = (text: string): Button => ({ kind: 'copy', label: 'Copy', text })
    expect(buttonsOf(copy(''))).toBeUndefined()
    expect(buttonsOf(copy('x'.repeat(257)))).toBeUndefined()
    expect(buttonsOf(copy('x'.repeat(256)))).toHaveLength(1)
  })

  test('and the others stay', () => {
    const kept: Button = { kind: 'action', label: 'My card', action: 'card' }
    expect(buttonsOf({ kind: 'url', label: 'Open', url: 'http://localhost' }, kept)).toEqual([
      [{ text: 'My card', callback_data: 'card' }],
    ])
  })
})

describe('the keyboard', () => {
  const menu = [['My card', 'Vouchers'], ['Help']]
  const buttons: readonly (readonly Button[])[] = [[{ kind: 'action', label: 'Go', action: 'go' }]]

  test('is the standing menu, which stays', () => {
    expect(markup(message({ menu }))).toEqual({
      keyboard: [[{ text: 'My card' }, { text: 'Vouchers' }], [{ text: 'Help' }]],
      resize_keyboard: true,
      is_persistent: true,
    })
  })

  test('is the buttons where a message has both: the menu stays from before', () => {
    expect(markup(message({ menu, buttons }))).toEqual({ inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] })
  })

  test('asks for the phone number before all else, and keeps the menu', () => {
    expect(markup(message({ menu, buttons, phoneButton: 'Share my number' }))).toEqual({
      keyboard: [
        [{ text: 'Share my number', request_contact: true }],
        [{ text: 'My card' }, { text: 'Vouchers' }],
        [{ text: 'Help' }],
      ],
      resize_keyboard: true,
      one_time_keyboard: true,
    })
  })

  test('is none where there is nothing to press', () => {
    expect(markup(message({}))).toBeUndefined()
    expect(markup(message({ buttons: [], menu: [] }))).toBeUndefined()
    expect(markup(message({ buttons: [[]] }))).toBeUndefined()
  })
})
