import type { Button, OutgoingMessage } from '../../bots/messenger.js'
import { AppError, assertNever } from '../errors.js'
import { FALLBACK_LANGUAGE } from '../languages.js'
import type { ContentButton, MessageContent, OwnWords, Phrase, PhraseParam } from './content.js'
import { openDateFormats } from './date-format.js'
import { keywordOf } from './keyword.js'
import { type Locale, readLocales } from './locale-files.js'
import { asOwnWords, asValue, sentenceOf, variablesOf } from './sentence.js'
import { openSentences } from './sentence-finder.js'

/** All that the program can say, in every language that has a folder in `locales/`. */
export interface Wording {
  readonly languages: ReadonlySet<string>
  /** Every language with its own name for itself, in the order of the tags. */
  languageNames(): readonly LanguageName[]
  /** One phrase. An unknown language is English. Throws for a key that neither the language nor English has. */
  word(language: string, key: string, params?: Phrase['params']): string
  /** A whole message except its picture. Throws as `word` does. */
  say(language: string, content: MessageContent): WordedMessage
  /**
   * What somebody means who sends this text and nothing else: `stop`, `start`, `menu` for a greeting, or the action of a menu's label, in any
   * language, whatever the case, accents and punctuation. Null for all other texts.
   */
  actionOf(text: string): string | null
}

export interface LanguageName {
  readonly tag: string
  readonly name: string
}

/** An outgoing message that waits for its id and its picture. `altText` is there when the content has a picture. */
export type WordedMessage = Omit<OutgoingMessage, 'id' | 'picture'> & { readonly altText?: string }

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The standing menu, row by row: each is an action, labelled by `menu.<action>`. */
const MENU = [
  ['card', 'vouchers'],
  ['history', 'notifications'],
  ['language', 'help'],
] as const

/**
 * Reads the languages and returns what speaks them. i18next finds each sentence (language, English where it is missing,
 * plural form) the first time it is needed; from then on a sentence is only filled in.
 */
export const createWording = async (localesDir: string): Promise<Wording> => {
  const locales = await readLocales(localesDir)
  if (!locales.some(({ tag }) => tag === FALLBACK_LANGUAGE))
    throw new AppError(
      'misconfigured',
      `${localesDir} needs a folder "${FALLBACK_LANGUAGE}": what others lack is taken from it`,
    )
  const findSentence = await openSentences(locales)
  const dates = openDateFormats()
  const languages = new Set(locales.map((locale) => locale.tag))
  const names = locales.map(({ tag, texts }) => ({ tag, name: texts.language.name }))

  const word: Wording['word'] = (language, key, params = {}) => {
    const { count } = params
    const sentence = findSentence(language, key, typeof count === 'number' ? count : null)
    return sentence((variable) => {
      const value = params[variable]
      return value === undefined ? '' : inWords(language, value)
    })
  }
  const inWords = (language: string, param: PhraseParam): string => {
    if (typeof param === 'string') return asValue(param)
    if (typeof param === 'number') return String(param)
    return 'date' in param
      ? dates(languages.has(language) ? language : FALLBACK_LANGUAGE, param)
      : word(language, param.key, param.params)
  }
  const line = (language: string, phrase: Phrase | OwnWords): string => {
    if ('text' in phrase) return asOwnWords(phrase.text)
    const { key, params = {}, texts } = phrase
    const text = texts?.[language]
    if (text === undefined || variablesOf(text).some((name) => params[name] === undefined))
      return word(language, key, params)
    return asOwnWords(sentenceOf(text)((name) => inWords(language, params[name] ?? '')))
  }

  const button = (language: string, content: ContentButton): Button => {
    switch (content.kind) {
      case 'action':
        return { kind: 'action', label: word(language, content.label, content.params), action: content.action }
      case 'copy':
        return { kind: 'copy', label: word(language, content.label), text: content.text }
      case 'url':
        return { kind: 'url', label: word(language, content.label), url: content.url }
      default:
        return assertNever(content)
    }
  }
  const menu = (language: string) => MENU.map((row) => row.map((action) => word(language, `menu.${action}`)))

  return {
    languages,
    languageNames: () => names,
    word,
    say: (language, content) => {
      const words: Writable<WordedMessage> = {
        text: content.phrases.map((phrase) => line(language, phrase)).join('\n'),
      }
      if (content.picture) words.altText = word(language, `picture.${content.picture.kind}Alt`)
      if (content.buttons) words.buttons = content.buttons.map((row) => row.map((each) => button(language, each)))
      if (content.silent) words.silent = true
      if (content.menu) words.menu = menu(language)
      if (content.asksForPhone) words.phoneButton = word(language, 'buttons.sharePhone')
      return words
    },
    actionOf: openKeywords(locales, (tag, action) => word(tag, `menu.${action}`)),
  }
}

/** Stop words first: whoever wants silence must get it, whatever else the word may mean in another language. */
const openKeywords = (locales: readonly Locale[], labelOf: (tag: string, action: string) => string) => {
  const actions = new Map<string, string>()
  const learn = (text: string, action: string) => {
    const keyword = keywordOf(text)
    if (keyword !== null && !actions.has(keyword)) actions.set(keyword, action)
  }
  for (const { texts } of locales) for (const text of texts.words.stop) learn(text, 'stop')
  for (const { texts } of locales) for (const text of texts.words.start) learn(text, 'start')
  for (const { texts } of locales) for (const text of texts.words.greeting) learn(text, 'menu')
  for (const { tag } of locales) for (const action of MENU.flat()) learn(labelOf(tag, action), action)
  return (text: string): string | null => {
    const keyword = keywordOf(text)
    return keyword === null ? null : (actions.get(keyword) ?? null)
  }
}
