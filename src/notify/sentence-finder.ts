import { createInstance, type TFunction } from 'i18next'
import { FALLBACK_LANGUAGE } from '../languages.js'
import type { Locale } from './locale-files.js'
import { type Sentence, sentenceOf } from './sentence.js'

/** Finds the sentence for a key, remembered by language, key and plural form: as many as the locales hold. */
export const openSentences = async (locales: readonly Locale[]) => {
  const i18n = createInstance()
  await i18n.init({
    resources: Object.fromEntries(locales.map(({ tag, texts }) => [tag, { chat: texts }])),
    ns: 'chat',
    defaultNS: 'chat',
    fallbackLng: FALLBACK_LANGUAGE,
    nsSeparator: false,
    parseMissingKeyHandler: noSuchPhrase,
    returnedObjectHandler: noSuchPhrase,
  })
  const english = new Intl.PluralRules(FALLBACK_LANGUAGE)
  const voices = new Map(locales.map(({ tag }) => [tag, openVoice(i18n.getFixedT(tag), new Intl.PluralRules(tag))]))
  const fallback = openVoice(i18n.getFixedT(FALLBACK_LANGUAGE), english)

  return (language: string, key: string, count: number | null): Sentence => {
    const { sentences, find, rules } = voices.get(language) ?? fallback
    // A sentence that is missing is the English one, whose plural form follows English rules: both name the entry.
    const name = count === null ? key : `${key} ${rules.select(count)} ${english.select(count)}`
    const known = sentences.get(name)
    if (known) return known
    const sentence = sentenceOf(find(key, { skipInterpolation: true, ...(count !== null && { count }) }))
    sentences.set(name, sentence)
    return sentence
  }
}

const noSuchPhrase = (key: string): never => {
  throw new Error(`no language has the phrase "${key}"`)
}

const openVoice = (find: TFunction, rules: Intl.PluralRules) => ({
  find,
  rules,
  sentences: new Map<string, Sentence>(),
})
