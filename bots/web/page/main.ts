import type { PageInput, StreamNotice, StreamRow } from '../web-protocol.js'
import { api, BASE } from './api.js'
import { createChatView } from './chat-view.js'
import { createComposer } from './composer.js'
import { createCalendar } from './days.js'
import { openDemoPanel } from './demo-panel.js'
import { part } from './dom.js'
import { openInFrame } from './frame.js'
import { followKeyboard } from './keyboard.js'
import { createPresence } from './presence.js'
import { createSession } from './session.js'
import { openStorage } from './storage.js'
import { createTyping } from './typing.js'
import { wordsFor } from './words.js'

/** What the address carries (`/try?start=…`) is used once and taken out of it. */
const takeStartPayload = (): string | null => {
  const address = new URL(location.href)
  const payload = address.searchParams.get('start')
  if (payload === null) return null
  address.searchParams.delete('start')
  history.replaceState(null, '', address)
  return /^[\w-]{1,64}$/.test(payload) ? payload : null
}

const startChat = () => {
  const { words, language } = wordsFor(navigator.languages)
  document.documentElement.lang = language
  const said = part('said', HTMLElement)
  const say = (text: string) => {
    said.textContent = text
  }

  const view = createChatView({
    words,
    say,
    businessName: document.title,
    calendar: createCalendar(language),
    press: (action, label) => send({ kind: 'action', action, label }),
    retry: (id) => session.retry(id),
  })
  const typing = createTyping(view.setTyping)
  const composer = createComposer({ words, say, send: (text) => send({ kind: 'text', text }) })
  const presence = createPresence(words, () => session.retry())

  const send = (input: PageInput) => {
    view.showOwn(session.send(input), 'sending')
    typing.expect()
  }

  const showRow = (row: StreamRow) => {
    switch (row.kind) {
      case 'message':
        typing.stop()
        view.showMessage(row.id, row.at, row.message)
        if (row.message.menu) composer.showMenu(row.message.menu)
        return
      case 'edit':
        return view.showEdit(row.edits, row.message)
      case 'own':
        return view.showOwn(row, 'sent')
    }
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

  const beginAnew = () => {
    view.clear()
    view.setHistory(true)
  }

  const heed = (notice: StreamNotice) => {
    switch (notice) {
      case 'reset':
        return beginAnew()
      case 'ready':
        view.setHistory(false)
        return greet()
      case 'replaced':
        return presence.showReplaced()
      case 'bye':
        return
    }
  }

  view.setHistory(true)
  const session = createSession(api, openStorage(`stampcast:${BASE.pathname}:`), {
    row: showRow,
    notice: heed,
    state: presence.setState,
    sendState(id, state) {
      view.setState(id, state)
      if (state === 'failed') typing.stop()
    },
    forgotten() {
      isGreeted = false
      beginAnew()
    },
  })

  followKeyboard()
  addEventListener('online', () => session.retry())
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) session.retry()
  })
  const { mode } = document.documentElement.dataset
  const focusComposer = () => {
    if (matchMedia('(hover: hover) and (pointer: fine)').matches) composer.focus()
  }
  if (mode === 'embed') openInFrame(focusComposer)
  else focusComposer()
  if (mode === 'demo') void openDemoPanel({ say, link: (token) => send({ kind: 'start', payload: token }) })
}

startChat()
