/** The languages of a customer, a business or a text are BCP 47 primary tags: a folder of `locales/` each. */
export const FALLBACK_LANGUAGE = 'en'

/**
 * The language to speak to someone: what they chose in the chat, then what 7stamp's event said, then the messenger's
 * hint, then the business's own, then English. A tag such as `pt-BR` counts as its primary language. An unknown one is
 * passed over.
 */
export const chooseLanguage = (
  known: ReadonlySet<string>,
  wishes: {
    readonly chosen?: string | null | undefined
    readonly payload?: string | null | undefined
    readonly hint?: string | null | undefined
    readonly business?: string | null | undefined
  },
): string => {
  for (const wish of [wishes.chosen, wishes.payload, wishes.hint, wishes.business]) {
    const primary = primaryOf(wish ?? '')
    if (known.has(primary)) return primary
  }
  return FALLBACK_LANGUAGE
}

/** `pt` of `pt-BR`. */
export const primaryOf = (tag: string): string => tag.trim().toLowerCase().split(/[-_]/, 1)[0] ?? ''
