import { el, icon } from '../dom.js'
import { CLOSE_MESSAGE } from './close-message.js'
import { rememberOpen, takeStart, wasOpen } from './memory.js'
import { applyStyle } from './style.js'
import { wordsFor } from './words.js'

/** Whose chat it is. Colours are `#rrggbb`. */
export interface LauncherFace {
  readonly business: string
  readonly color: string
  readonly onColor: string
}

export interface LauncherOptions {
  readonly face: LauncherFace
  /** The chat's own page. */
  readonly chatUrl: URL
  /** The payload of a deep link. */
  readonly start: string | undefined
}

/** Too little room for a panel beside what is read: the chat takes all of it. */
const LITTLE_ROOM = '(max-width: 480px), (max-height: 480px)'

/** A button at the page's corner that opens the chat: a panel where there is room, all of the screen on a phone. */
export const addLauncher = ({ face, chatUrl, start }: LauncherOptions): void => {
  const words = wordsFor(document.documentElement.lang || navigator.language)
  const title = `${words.chat}: ${face.business}`
  const host = document.createElement('stampcast-chat')
  const root = host.attachShadow({ mode: 'open' })
  const close = el('button', { type: 'button', class: 'close', 'aria-label': words.close }, icon('close'))
  const dialog = el('dialog', { id: 'chat', 'aria-label': title }, close)
  const launcher = el(
    'button',
    {
      type: 'button',
      class: 'launcher',
      'aria-label': title,
      'aria-haspopup': 'dialog',
      'aria-expanded': 'false',
      'aria-controls': dialog.id,
    },
    icon('chat'),
  )
  host.style.setProperty('--color', face.color)
  host.style.setProperty('--on-color', face.onColor)
  applyStyle(root)
  root.append(el('aside', { 'aria-label': title }, launcher), dialog)

  const frame = el('iframe', { title, allow: 'clipboard-write' })
  /** Loaded when it is first wanted: a visitor who asks nothing costs nothing. */
  const load = () => {
    if (frame.isConnected) return
    const payload = takeStart(start)
    if (payload !== null) chatUrl.searchParams.set('start', payload)
    frame.src = chatUrl.href
    // The button lies on it, and follows it for the keyboard.
    dialog.prepend(frame)
  }
  const showAs = (isOpen: boolean) => {
    launcher.setAttribute('aria-expanded', String(isOpen))
    rememberOpen(isOpen)
  }
  const open = () => {
    load()
    // A modal dialog keeps what it covers from being reached.
    if (matchMedia(LITTLE_ROOM).matches) dialog.showModal()
    else dialog.show()
    showAs(true)
    frame.focus()
  }
  /** As the visitor left it on the page before, but without taking the focus from what they read. */
  const restore = () => {
    if (!wasOpen()) return
    if (matchMedia(LITTLE_ROOM).matches) return open()
    load()
    dialog.setAttribute('open', '')
    showAs(true)
  }

  const shut = () => {
    dialog.close()
    showAs(false)
    launcher.focus()
  }

  launcher.addEventListener('click', () => (dialog.open ? shut() : open()))
  close.addEventListener('click', shut)
  // The browser closes a modal dialog by itself, also when somebody presses "back" on a phone.
  dialog.addEventListener('close', () => {
    if (!dialog.open) shut()
  })
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') shut()
  })
  // What loads in a frame that has the focus does not get it by itself.
  frame.addEventListener('load', () => {
    if (root.activeElement === frame) frame.contentWindow?.focus()
  })
  // Keys pressed in the chat are the chat's own; it passes Escape on.
  addEventListener('message', ({ data, source, origin }) => {
    if (source === frame.contentWindow && origin === chatUrl.origin && data === CLOSE_MESSAGE) shut()
  })
  followRoom(dialog)
  document.body.append(host)
  restore()
}

/** On a phone the on-screen keyboard lies over the page; the chat keeps to what can be seen. */
const followRoom = (dialog: HTMLElement): void => {
  const viewport = window.visualViewport
  if (!viewport) return
  const fit = () => {
    if (viewport.scale > 1.01) return
    dialog.style.setProperty('--top', `${viewport.offsetTop}px`)
    dialog.style.setProperty('--height', `${viewport.height}px`)
  }
  viewport.addEventListener('resize', fit)
  viewport.addEventListener('scroll', fit)
}
