import type { ContentButton } from '../../src/notify/content.js'
import type { LanguageName } from '../../src/notify/wording.js'
import { type Answer, reply } from './answer.js'
import type { Turn } from './turn.js'

const NAMES_PER_ROW = 2

/** Shows the languages, or chooses one of them. The reply to a choice is read in the new language. */
export const language = (tag: string | null, { facts, vocabulary }: Turn): Answer => {
  const names = vocabulary.languageNames()
  const chosen = names.find((known) => known.tag === tag)
  if (chosen) {
    const confirmed = { phrases: [{ key: 'language.chosen' }], ...(facts.who.role !== 'staff' && { menu: true }) }
    return reply([confirmed], [{ kind: 'setLanguage', language: chosen.tag }])
  }
  return {
    state: { kind: 'choosing_language' },
    replies: [{ phrases: [{ key: 'language.choose' }], buttons: inRows(names) }],
    effects: [],
  }
}

const inRows = (names: readonly LanguageName[]): readonly (readonly ContentButton[])[] =>
  names
    .filter((_, index) => index % NAMES_PER_ROW === 0)
    .map((_, row) => names.slice(row * NAMES_PER_ROW, (row + 1) * NAMES_PER_ROW).map(buttonOf))

const buttonOf = ({ tag, name }: LanguageName): ContentButton => ({
  kind: 'action',
  label: 'buttons.named',
  params: { name },
  action: `language:${tag}`,
})
