import { el } from '../../../bots/web/page/dom.js'
import type { LaneState, TelegramState } from '../setup-protocol.js'
import { TEXTS } from '../setup-texts.js'
import { type Progress, type Section, setOptional, setText, timeText } from './section.js'

const WORDS = TEXTS.messengers

/** Which messengers speak, and what to do about those that do not. */
export const messengersSection = (): Section => {
  const telegram = createRow(WORDS.telegram)
  const web = createRow(WORDS.web)
  const link = el('a', {})
  telegram.fact.before(link, ' ')
  const advice = el('p', {})
  const command = el('code', { class: 'line' }, WORDS.offCommand)
  telegram.box.append(advice, command)
  const embedding = el('p', { class: 'hint' })
  const tag = el('code', { class: 'line' })
  web.box.append(embedding, tag)
  return {
    title: WORDS.title,
    body: [telegram.box, web.box],
    show: (state) => {
      const username = state.telegram.kind === 'on' ? state.telegram.username : null
      setOptional(link, username === null ? null : `@${username}`)
      if (username !== null) link.href = `https://t.me/${username}`
      setText(telegram.fact, telegramFact(state.telegram))
      setOptional(advice, adviceOn(state.telegram))
      command.hidden = state.telegram.kind !== 'off'
      const { lane, allowedOrigins, scriptTag } = state.web
      const isEmbedded = allowedOrigins.length > 0
      setText(web.fact, laneFact(lane))
      setText(embedding, isEmbedded ? WORDS.embedded(allowedOrigins.join(', ')) : WORDS.notEmbedded)
      setOptional(tag, isEmbedded ? scriptTag : null)
      const [first, second] = [telegram.mark(telegramProgress(state.telegram)), web.mark(progressOf(lane))]
      return first === 'broken' || second === 'broken' ? 'broken' : second
    },
  }
}

const createRow = (name: string) => {
  const fact = el('span', {})
  const box = el('div', { class: 'messenger' }, el('h3', {}, name), el('p', {}, fact))
  return {
    box,
    fact,
    mark: (progress: Progress): Progress => {
      box.dataset.progress = progress
      return progress
    },
  }
}

const progressOf = ({ kind }: LaneState): Progress => (kind === 'ready' || kind === 'paused' ? 'done' : 'broken')

/** A messenger that nobody asked for is no fault: the web chat alone will do. */
const telegramProgress = (telegram: TelegramState): Progress => {
  if (telegram.kind === 'off') return 'todo'
  return telegram.kind === 'on' ? progressOf(telegram.lane) : 'broken'
}

const telegramFact = (telegram: TelegramState): string => {
  switch (telegram.kind) {
    case 'off':
      return WORDS.off
    case 'unreached':
      return WORDS.unreached
    case 'on':
      return `${WORDS.mode[telegram.mode]} ${laneFact(telegram.lane)}`
  }
}

const laneFact = (lane: LaneState): string => {
  switch (lane.kind) {
    case 'ready':
      return WORDS.ready
    case 'paused':
      return WORDS.paused(timeText(lane.until))
    case 'down':
      return WORDS.down(lane.reason)
    case 'unowned':
      return WORDS.unowned
  }
}

const adviceOn = (telegram: TelegramState): string | null =>
  telegram.kind === 'on' && telegram.lane.kind === 'down' ? WORDS.revoked : null
