import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MessageContent, OwnWords, Phrase, PhraseParam } from '../../src/notify/content.js'

export const LOCALES = join(import.meta.dirname, '../../locales')

/** Every folder, so that a new language is tested without being named here. */
export const LANGUAGES = readdirSync(LOCALES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

type Tree = { readonly [key: string]: string | readonly string[] | Tree }

export const readTree = (language: string): Tree =>
  JSON.parse(readFileSync(join(LOCALES, language, 'chat.json'), 'utf8'))

/** All texts of a language by their full keys (`card.toGo_one`), without the lists of words. */
export const textsOf = (language: string): ReadonlyMap<string, string> => new Map(flatten('', readTree(language)))

const flatten = (prefix: string, tree: Tree): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[prefix + name, value]]
    return isList(value) ? [] : flatten(`${prefix}${name}.`, value)
  })

const isList = (value: readonly string[] | Tree): value is readonly string[] => Array.isArray(value)

export const variablesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{\{(.*?)\}\}/g)].map((match) => match[1] ?? '')),
]

const ENGLISH = textsOf('en')

/** The variables that a message's texts ask for and its content does not give: `card.number: number`. */
export const unfilledVariables = (content: MessageContent): string[] => [
  ...content.phrases.flatMap(unfilledIn),
  ...(content.buttons ?? [])
    .flat()
    .flatMap((button) =>
      unfilledIn({ key: button.label, ...(button.kind === 'action' && button.params && { params: button.params }) }),
    ),
]

const unfilledIn = (phrase: Phrase | OwnWords): string[] => {
  if ('text' in phrase) return []
  const params = phrase.params ?? {}
  const text = ENGLISH.get(phrase.key) ?? ENGLISH.get(`${phrase.key}_other`)
  const missing = text === undefined ? ['no such text'] : variablesOf(text).filter((name) => params[name] === undefined)
  return [...missing.map((name) => `${phrase.key}: ${name}`), ...Object.values(params).flatMap(unfilledInParam)]
}

const unfilledInParam = (param: PhraseParam): string[] =>
  typeof param === 'object' && 'key' in param ? unfilledIn(param) : []
