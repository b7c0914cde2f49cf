import { el } from '../../../bots/web/page/dom.js'
import type { EventsState } from '../setup-protocol.js'
import { TEXTS } from '../setup-texts.js'
import { type Section, setText, timeText } from './section.js'

const WORDS = TEXTS.events

/** What has come from 7stamp, and what is stuck. */
export const eventsSection = (): Section => {
  const [last, waiting, dead] = [el('dd'), el('dd'), el('dd')]
  const look = el('p', {}, WORDS.look, ' ', el('code', {}, WORDS.lookCommand))
  return {
    title: WORDS.title,
    body: [
      el(
        'dl',
        { class: 'facts' },
        el('dt', {}, WORDS.last),
        last,
        el('dt', {}, WORDS.waiting),
        waiting,
        el('dt', {}, WORDS.dead),
        dead,
      ),
      look,
      el('p', { class: 'hint' }, WORDS.notDemo),
    ],
    show: ({ events }) => {
      setText(last, lastText(events.last))
      setText(waiting, String(events.waiting))
      setText(dead, String(events.dead))
      look.hidden = events.dead === 0
      if (events.dead > 0) return 'broken'
      return events.last === null ? 'todo' : 'done'
    },
  }
}

const lastText = (last: EventsState['last']): string =>
  last === null ? WORDS.none : `${last.name}, ${timeText(last.at)}, ${WORDS.states[last.state]}`
