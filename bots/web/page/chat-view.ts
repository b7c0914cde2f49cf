import type { PageInput, ShownMessage } from '../web-protocol.js'
import type { Calendar } from './days.js'
import { el, icon, part } from './dom.js'
import { type MessageHooks, messageContent } from './message-view.js'
import type { Pending, SendState } from './outbox.js'
import { richText } from './rich-text.js'
import { createScroller } from './scroller.js'

/** Messages of one side that come so close together look like one. */
const JOIN_MS = 3 * 60_000
const LIVE_AFTER_MS = 150

export interface ChatHooks extends MessageHooks {
  readonly businessName: string
  readonly calendar: Calendar
  retry(id: string): void
}

interface Shown {
  readonly row: HTMLElement
  readonly bubble: HTMLElement
  readonly footer: HTMLElement
  readonly at: number
}

/** The conversation on the screen. Every message is there once, however often it is shown. */
export const createChatView = (hooks: ChatHooks) => {
  const { words, calendar } = hooks
  const log = part('log', HTMLElement)
  log.setAttribute('aria-label', words.conversation)
  // What scrolls can be scrolled with the keyboard.
  log.tabIndex = 0
  const jump = part('jump', HTMLButtonElement)
  const typing = el('div', { class: 'typing', 'aria-hidden': 'true', hidden: true }, el('i'), el('i'), el('i'))
  const shown = new Map<string, Shown>()
  let last: { side: 'bot' | 'own'; at: number; row: HTMLElement } | null = null
  let unread = 0
  let isHistory = true
  let liveTimer: ReturnType<typeof setTimeout> | undefined

  const showUnread = () => {
    jump.hidden = unread === 0
    jump.replaceChildren(words.newMessages, icon('down'))
    document.title = document.hidden && unread > 0 ? `(${unread}) ${hooks.businessName}` : hooks.businessName
  }
  const scroller = createScroller(log, () => {
    if (document.hidden || unread === 0) return
    unread = 0
    showUnread()
  })
  jump.addEventListener('click', () => {
    scroller.toEnd(true)
    log.focus()
  })
  document.addEventListener('visibilitychange', () => {
    if (scroller.isAtEnd()) unread = 0
    showUnread()
  })
  log.append(typing)

  const append = (id: string, side: 'bot' | 'own', at: number, content: Node[]): Shown => {
    if (!last || !calendar.isSameDay(last.at, at)) {
      typing.before(el('p', { class: 'day' }, el('span', {}, calendar.day(at, Date.now()))))
      last = null
    }
    const joins = last?.side === side && at - last.at < JOIN_MS
    if (joins) last?.row.classList.add('followed')
    const bubble = el('div', { class: 'bubble' }, ...content)
    const footer = el('p', { class: 'footer' }, el('time', {}, calendar.time(at)))
    const row = el(
      'div',
      { class: `message ${side}${joins ? ' joins' : ''}${isHistory ? '' : ' fresh'}` },
      bubble,
      footer,
    )
    const follows = side === 'own' || scroller.isAtEnd()
    typing.before(row)
    last = { side, at, row }
    const entry = { row, bubble, footer, at }
    shown.set(id, entry)
    if (follows) scroller.toEnd(!isHistory)
    if (!isHistory && side === 'bot' && (!follows || document.hidden)) {
      unread++
      showUnread()
    }
    return entry
  }

  const showState = ({ row, footer, at }: Shown, id: string, state: SendState) => {
    if (row.dataset.state === state) return
    row.dataset.state = state
    const time = el('time', {}, calendar.time(at))
    if (state === 'sent') footer.replaceChildren(time, stateMark('done', words.sent))
    else if (state === 'sending') footer.replaceChildren(time, stateMark('wait', words.sending))
    else {
      const retry = el('button', { type: 'button', class: 'retry' }, words.retry)
      retry.addEventListener('click', () => hooks.retry(id))
      footer.replaceChildren(icon('alert'), `${words.notSent} · `, retry)
    }
  }

  return {
    showMessage(id: string, at: number, message: ShownMessage) {
      if (shown.has(id)) return
      typing.hidden = true
      const { bubble } = append(id, 'bot', at, messageContent(message, hooks.businessName, hooks))
      bubble.classList.toggle('pictured', message.picture !== undefined)
    },

    /** Replaces what a message says, where it stands. */
    showEdit(id: string, message: ShownMessage) {
      const entry = shown.get(id)
      if (!entry) return
      const hadFocus = entry.bubble.contains(document.activeElement)
      const wasAtEnd = scroller.isAtEnd()
      const sender = entry.row.classList.contains('own') ? words.you : hooks.businessName
      entry.bubble.replaceChildren(...messageContent(message, sender, hooks))
      entry.bubble.classList.toggle('pictured', message.picture !== undefined)
      if (!isHistory) entry.row.classList.add('edited')
      if (hadFocus) log.focus()
      if (wasAtEnd) scroller.toEnd(false)
    },

    /** What the visitor said: at once when they say it, and again when the server tells it. Opening the chat shows nothing. */
    showOwn({ id, at, input }: Pending, state: SendState) {
      const text = wordsOf(input)
      if (text === null) return
      const known = shown.get(id)
      const entry = known ?? append(id, 'own', at, [el('span', { class: 'unseen' }, `${words.you}: `), richText(text)])
      showState(entry, id, state)
    },

    setState(id: string, state: SendState) {
      const entry = shown.get(id)
      if (entry) showState(entry, id, state)
    },

    setTyping(isTyping: boolean) {
      if (typing.hidden === !isTyping) return
      const follows = scroller.isAtEnd()
      typing.hidden = !isTyping
      if (follows) scroller.toEnd(true)
    },

    /** Old messages are not announced and do not move; those that come from now on are and do. */
    setHistory(isOld: boolean) {
      isHistory = isOld
      clearTimeout(liveTimer)
      if (isOld) log.setAttribute('aria-live', 'off')
      // Screen readers look a moment later at what has changed: by then the past must still be silent.
      else liveTimer = setTimeout(() => log.setAttribute('aria-live', 'polite'), shown.size === 0 ? 0 : LIVE_AFTER_MS)
    },

    clear() {
      shown.clear()
      last = null
      unread = 0
      log.replaceChildren(typing)
      showUnread()
    },

    isEmpty: () => shown.size === 0,
  }
}

const stateMark = (name: 'done' | 'wait', text: string) =>
  el('span', { class: 'mark' }, icon(name), el('span', { class: 'unseen' }, text))

const wordsOf = (input: PageInput): string | null => {
  switch (input.kind) {
    case 'start':
      return null
    case 'text':
      return input.text
    case 'action':
      return input.label
  }
}
