import type { Happening, Language, Person, Said } from './scenario.js'

/** The text for a language; English where there is none of its own. */
export const localized = (said: Said, language: Language): string =>
  typeof said === 'string' ? said : (said[language] ?? said.en ?? '')

const isSaid = (value: object): value is Exclude<Said, string> => 'en' in value

/** Every text in a frame that is there in several languages, in one of them. */
const inLanguage = (value: unknown, language: Language): unknown => {
  if (Array.isArray(value)) return value.map((each) => inLanguage(each, language))
  if (typeof value !== 'object' || value === null) return value
  if (isSaid(value)) return localized(value, language)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inLanguage(each, language)]))
}

/** What 7stamp posts. `at` is Unix ms. */
export const frameOf = (
  { event, more = {} }: Happening,
  customer: NonNullable<Person['customer']>,
  language: Language,
  at: number,
): object => {
  const own = inLanguage(more, language) as Readonly<Record<string, object>>
  return {
    event,
    timestamp: new Date(at).toISOString(),
    business_id: 'b_cafe',
    customer: { language, ...(inLanguage(customer, language) as object), ...own.customer },
    ...Object.fromEntries(Object.entries(own).filter(([key]) => key !== 'customer')),
  }
}

/** What every frame says, or what nobody reads. */
const UNTOLD =
  /^(card\.(title|goals|stamps_goal|goal_index)|\w+\.(type|redeem_code_formats|receipt_id|redeemed_via|id))$/

/** A frame in one line, like `stamp_added, Olena: card.stamps 3`. */
export const shownHappening = ({ event, more = {} }: Happening, about: string, language: Language): string => {
  const facts = flatten(inLanguage(more, language), '')
  return `${event}, ${about}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`
}

const flatten = (value: unknown, path: string): readonly string[] => {
  if (UNTOLD.test(path)) return []
  if (typeof value !== 'object' || value === null) return [`${path} ${String(value)}`]
  return Object.entries(value).flatMap(([key, each]) => flatten(each, path === '' ? key : `${path}.${key}`))
}
