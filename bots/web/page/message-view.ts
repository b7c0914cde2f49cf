import type { ShownButton, ShownMessage } from '../web-protocol.js'
import { copyText } from './copy.js'
import { el, icon } from './dom.js'
import { pictureBox } from './picture.js'
import { externalLink, isWebAddress, richText } from './rich-text.js'
import type { Words } from './words.js'

export interface MessageHooks {
  readonly words: Words
  press(action: string, label: string): void
  /** Tells whoever cannot see it. */
  say(text: string): void
}

/** What is in a bubble of the bot's. `sender` is only heard. */
export const messageContent = (message: ShownMessage, sender: string, hooks: MessageHooks): Node[] => {
  const { text, picture, buttons } = message
  const content: Node[] = [el('span', { class: 'unseen' }, `${sender}: `)]
  if (picture) content.push(pictureBox(picture, hooks.words))
  if (text !== '') content.push(richText(text))
  const rows = (buttons ?? []).filter((row) => row.length > 0)
  if (rows.length > 0)
    content.push(
      el(
        'div',
        { class: 'buttons' },
        ...rows.map((row) => el('div', { class: 'row' }, ...row.map((button) => buttonFor(button, hooks)))),
      ),
    )
  return content
}

const buttonFor = (button: ShownButton, hooks: MessageHooks): HTMLElement => {
  switch (button.kind) {
    case 'action':
      return actionButton(button, hooks)
    case 'copy':
      return copyButton(button, hooks)
    case 'url':
      return isWebAddress(button.url)
        ? externalLink(button.url, { class: 'button' }, label(button.label), icon('out'))
        : el('span', { class: 'button' }, label(button.label))
  }
}

const label = (text: string) => el('span', { dir: 'auto' }, text)

const PRESS_PAUSE_MS = 800

const actionButton = (button: ShownButton & { kind: 'action' }, hooks: MessageHooks) => {
  const element = el('button', { type: 'button', class: 'button' }, label(button.label))
  let pressedAt = Number.NEGATIVE_INFINITY
  element.addEventListener('click', (event) => {
    // A double click is one wish.
    if (event.timeStamp - pressedAt < PRESS_PAUSE_MS) return
    pressedAt = event.timeStamp
    hooks.press(button.action, button.label)
  })
  return element
}

const COPIED_MS = 2_000

const copyButton = (button: ShownButton & { kind: 'copy' }, { words, say }: MessageHooks) => {
  const element = el('button', { type: 'button', class: 'button' }, icon('copy'), label(button.label))
  element.addEventListener('click', async () => {
    if (!(await copyText(button.text))) return
    say(words.copied)
    element.replaceChildren(icon('done'), label(words.copied))
    element.classList.add('copied')
    setTimeout(() => {
      element.replaceChildren(icon('copy'), label(button.label))
      element.classList.remove('copied')
    }, COPIED_MS)
  })
  return element
}
