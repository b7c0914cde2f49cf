import { el } from '../../../bots/web/page/dom.js'
import type { SetupState } from '../setup-protocol.js'
import { TEXTS } from '../setup-texts.js'

export type Progress = 'done' | 'todo' | 'broken'

/** One step of the checklist. `show` brings it up to date, and tells how far it is. */
export interface Section {
  readonly title: string
  readonly body: readonly HTMLElement[]
  show(state: SetupState): Progress
}

/** What the sections ask of the page. */
export interface SectionHooks {
  /** Tells whoever listens instead of looks. */
  say(text: string): void
  /** Looks at the server again now. */
  refresh(): void
  /** This browser is not signed in any more. */
  leave(): void
}

/** A section as an item of the list; its mark is a word, not only a colour. */
export const createItem = (section: Section) => {
  const mark = el('span', { class: 'mark' })
  const item = el(
    'li',
    { class: 'card' },
    el('div', { class: 'card-head' }, el('h2', {}, section.title), mark),
    ...section.body,
  )
  return {
    item,
    show: (state: SetupState): Progress => {
      const progress = section.show(state)
      item.dataset.progress = progress
      setText(mark, TEXTS[progress])
      return progress
    },
  }
}

/** Leaves alone what says so already: a selection in it stays, and nobody is told the same again. */
export const setText = (element: HTMLElement, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

/** A sentence that stands on the page only while there is one. */
export const setOptional = (element: HTMLElement, text: string | null): void => {
  element.hidden = text === null
  setText(element, text ?? '')
}

const TIME = new Intl.DateTimeFormat(navigator.languages, { timeStyle: 'short' })
const DAY_AND_TIME = new Intl.DateTimeFormat(navigator.languages, { dateStyle: 'medium', timeStyle: 'short' })

/** `at` is Unix ms. Of today it is the time alone. */
export const timeText = (at: number): string => {
  const date = new Date(at)
  return (date.toDateString() === new Date().toDateString() ? TIME : DAY_AND_TIME).format(date)
}
