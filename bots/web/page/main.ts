import type { ShownMessage, StreamRow } from '../web-protocol.js'
import { api, BASE } from './api.js'
import { createChatView } from './chat-view.js'
import { createComposer } from './composer.js'
import { createCalendar } from './days.js'
import { openDemoPanel } from './demo-panel.js'
import { part } from './dom.js'
import { followKeyboard } from './keyboard.js'
import { createPresence } from './presence.js'
import { createSession } from './session.js'
import { openStorage } from './storage.js'
import { wordsFor } from './words.js'

const TYPING_AFTER_MS = 350
const TYPING_MAX_MS = 10_000

const { words, language } = wordsFor(navigator.languages)
document.documentElement.lang = language

const said = part('said', HTMLElement)
const say = (text: string) => {
  said.textContent = text
}

let typingTimer: ReturnType<typeof setTimeout> | undefined
const expectAnswer = () => {
  clearTimeout(typingTimer)
  typingTimer = setTimeout(() => {
    view.setTyping(true)
    typingTimer = setTimeout(() => view.setTyping(false), TYPING_MAX_MS)
  }, TYPING_AFTER_MS)
}
const stopTyping = () => {
  clearTimeout(typingTimer)
  view.setTyping(false)
}

const send = (input: Parameters<typeof session.send>[0]) => {
  view.showOwn(session.send(input), 'sending')
  expectAnswer()
}

const view = createChatView({
  words,
  say,
  businessName: document.title,
  calendar: createCalendar(language),
  press: (action, label) => send({ kind: 'action', action, label }),
  retry: (id) => session.retry(id),
})
const composer = createComposer({ words, say, send: (text) => send({ kind: 'text', text }) })
const presence = createPresence(words, () => session.retry())

const showMessage = (id: string, at: number, message: ShownMessage) => {
  stopTyping()
  view.showMessage(id, at, message)
  if (message.menu) composer.showMenu(message.menu)
}

const showRow = (row: StreamRow) => {
  switch (row.kind) {
    case 'message':
      return showMessage(row.id, row.at, row.message)
    case 'edit':
      return view.showEdit(row.edits, row.message)
    case 'own':
      return view.showOwn(row, 'sent')
  }
}

/** What the address carries (`/try?start=…`) is used once and taken out of it. */
const takeStartPayload = (): string | null => {
  const address = new URL(location.href)
  const payload = address.searchParams.get('start')
  if (payload === null) return null
  address.searchParams.delete('start')
  history.replaceState(null, '', address)
  return /^[\w-]{1,64}$/.test(payload) ? payload : null
}

let isGreeted = false
/** With the whole chat shown, what was not sent the last time follows, and a newcomer says hello. */
const greet = () => {
  if (isGreeted) return
  isGreeted = true
  for (const message of session.pending()) view.showOwn(message, 'sending')
  const payload = takeStartPayload()
  if (payload !== null || (view.isEmpty() && session.pending().length === 0)) send({ kind: 'start', payload })
}

view.setHistory(true)
const session = createSession(api, openStorage(`stampcast:${BASE.pathname}:`), {
  row: showRow,
  notice(notice) {
    if (notice === 'reset') view.clear()
    if (notice === 'reset') view.setHistory(true)
    if (notice === 'replaced') presence.showReplaced()
    if (notice !== 'ready') return
    view.setHistory(false)
    greet()
  },
  state: presence.setState,
  sendState(id, state) {
    view.setState(id, state)
    if (state === 'failed') stopTyping()
  },
  forgotten() {
    isGreeted = false
    view.clear()
    view.setHistory(true)
  },
})

followKeyboard()
addEventListener('online', () => session.retry())
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) session.retry()
})
if (matchMedia('(hover: hover) and (pointer: fine)').matches) composer.focus()
if (document.documentElement.dataset.mode === 'demo')
  void openDemoPanel({ say, link: (token) => send({ kind: 'start', payload: token }) })
