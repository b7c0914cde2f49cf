import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../bots/conversation/commands.js'
import { CONSENT_TEXT_VERSION } from '../../bots/conversation/consent.js'
import { keywordOf } from '../../src/notify/keyword.js'
import { createWording } from '../../src/notify/wording.js'
import { LANGUAGES, LOCALES, readTree, textsOf, variablesOf } from './locale-texts.js'

const english = textsOf('en')
const PLURAL = /_(zero|one|two|few|many|other)$/
const pluralBases = new Set([...english.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, '')))

const keysOf = (language: string): string[] => {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  const plain = [...english.keys()].filter((key) => !PLURAL.test(key))
  return [...plain, ...[...pluralBases].flatMap((base) => forms.map((form) => `${base}_${form}`))].sort()
}

const englishOf = (key: string): string => english.get(key) ?? english.get(key.replace(PLURAL, '_other')) ?? ''

const longestOf = (key: string): number => {
  if (key === 'buttons.named') return 8
  if (key === 'buttons.sharePhone') return 40
  if (key.startsWith('buttons.') || (key.startsWith('menu.') && key !== 'menu.title')) return 20
  if (key.startsWith('picture.')) return 30
  return key.startsWith('commands.') ? 60 : 200
}

const withoutVariables = (text: string): string => text.replace(/\{\{.*?\}\}/g, '')

const EMOJI = /\p{Extended_Pictographic}/gu

test('the nine languages of the first release are there', () => {
  expect(LANGUAGES).toEqual(expect.arrayContaining(['en', 'uk', 'de', 'es', 'pl', 'fr', 'it', 'pt', 'ko']))
})

describe.each(LANGUAGES)('%s', (language) => {
  const texts = textsOf(language)

  test('has exactly the keys of English, in all the plural forms that the language needs', () => {
    expect([...texts.keys()].sort()).toEqual(keysOf(language))
  })

  test('has exactly the variables of English in every text', () => {
    const wrong = [...texts].filter(
      ([key, text]) => variablesOf(text).sort().join() !== variablesOf(englishOf(key)).sort().join(),
    )
    expect(wrong).toEqual([])
  })

  test('uses plain variables only: no formats, no nesting, no unescaping', () => {
    const odd = [...texts].filter(
      ([, text]) => /\$t\(/.test(text) || variablesOf(text).some((name) => !/^[a-zA-Z]+$/.test(name)),
    )
    expect(odd).toEqual([])
  })

  test('has no text that is empty, too long, or stands with stray spaces', () => {
    const continuations = ['alerts.at', 'alerts.reward']
    const wrong = [...texts].filter(([key, text]) => {
      const words = withoutVariables(text)
      return text === '' || words.length > longestOf(key) || (text.trim() !== text && !continuations.includes(key))
    })
    expect(wrong).toEqual([])
  })

  test('has at most one emoji in a text, and none in buttons and menus', () => {
    const wrong = [...texts].filter(([key, text]) => {
      const count = text.match(EMOJI)?.length ?? 0
      return count > (/^(buttons|menu|commands|picture)\./.test(key) ? 0 : 1)
    })
    expect(wrong).toEqual([])
  })

  test('has words to stop and to start again, and says them where it explains them', async () => {
    const { actionOf } = await createWording(LOCALES)
    const words = readTree(language).words as Record<'stop' | 'start' | 'greeting', string[]>
    expect(words.stop.length).toBeGreaterThan(0)
    expect(words.start.length).toBeGreaterThan(0)
    expect(words.greeting.length).toBeGreaterThan(0)
    const mentioned = (text = '') => (text.match(/[\p{Lu}]{4,}|‘(.+?)’/gu) ?? []).map((word) => actionOf(word))
    expect(mentioned(texts.get('marketing.stop'))).toEqual(['stop'])
    expect(mentioned(texts.get('help.stop'))).toEqual(['stop', 'start'])
    expect(mentioned(texts.get('stop.stillOn'))).toContain('start')
  })

  test('describes every command within what Telegram takes', () => {
    for (const { command, description } of COMMANDS) {
      expect(command).toMatch(/^[a-z0-9_]{1,32}$/)
      expect(texts.get(description)?.length).toBeGreaterThanOrEqual(3)
    }
  })
})

test('no word means two things, in whichever languages', async () => {
  const { actionOf } = await createWording(LOCALES)
  const clashes = LANGUAGES.flatMap((language) => {
    const { words, menu } = readTree(language) as { words: Record<string, string[]>; menu: Record<string, string> }
    const meanings = [
      ...Object.entries(words).flatMap(([kind, list]) =>
        list.map((word) => [word, kind === 'greeting' ? 'menu' : kind] as const),
      ),
      ...['card', 'vouchers', 'history', 'notifications', 'language', 'help'].map(
        (action) => [menu[action] ?? '', action] as const,
      ),
    ]
    return meanings.filter(([word, action]) => actionOf(word) !== action).map(([word]) => `${language}: ${word}`)
  })
  expect(clashes).toEqual([])
})

test('languages are told apart by their own names', async () => {
  const wording = await createWording(LOCALES)
  const names = wording.languageNames().map(({ name }) => keywordOf(name))
  expect(new Set(names).size).toBe(LANGUAGES.length)
})

/** Of the consent question in each language, by version: the proof of a consent names a text that never changes. */
const CONSENT_TEXTS: Record<string, Record<string, string>> = {
  '1': {
    de: '89386b8cb3b97f20',
    en: 'ba86a48c9f5a9485',
    es: 'a31595475d038f41',
    fr: 'e3e7728f001a6742',
    it: 'e9ec5c7f4c8f9ce2',
    ko: '7fda48f106ce1679',
    pl: 'f99dcda162b9cb6b',
    pt: '38fe94bd9c121858',
    uk: '947afc8fde80f1dc',
  },
}

test('a changed consent question has a new version', () => {
  const recorded = CONSENT_TEXTS[CONSENT_TEXT_VERSION] ?? {}
  const now = Object.fromEntries(
    Object.keys(recorded).map((language) => {
      const question = textsOf(language).get('consent.question') ?? ''
      return [language, createHash('sha256').update(question).digest('hex').slice(0, 16)]
    }),
  )
  expect(now, 'raise CONSENT_TEXT_VERSION and record the new texts below it').toEqual(recorded)
  expect(Object.keys(recorded)).toEqual(expect.arrayContaining(['en', 'uk', 'de', 'es', 'pl', 'fr', 'it', 'pt', 'ko']))
})
