import type { LanguageName } from '../../src/notify/wording.js'

/** What the conversation needs of the languages; the wording has it. */
export interface Vocabulary {
  languageNames(): readonly LanguageName[]
  /** The action that a whole text stands for in any language, such as `stop` for СТОП; null for all other texts. */
  actionOf(text: string): string | null
}
