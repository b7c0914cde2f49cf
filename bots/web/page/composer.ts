import { el, icon, part } from './dom.js'
import type { Words } from './words.js'

const MAX_BYTES = 4096

export interface ComposerHooks {
  readonly words: Words
  send(text: string): void
  say(text: string): void
}

/** Where the visitor writes, and the standing menu above it. */
export const createComposer = ({ words, send, say }: ComposerHooks) => {
  const form = part('composer', HTMLFormElement)
  const text = part('text', HTMLTextAreaElement)
  const button = part('send', HTMLButtonElement)
  const menu = part('menu', HTMLElement)
  part('text-label', HTMLElement).textContent = words.message
  text.placeholder = words.message
  button.setAttribute('aria-label', words.send)
  button.append(icon('send'))
  menu.setAttribute('role', 'group')
  menu.setAttribute('aria-label', words.menu)
  let shownMenu = ''

  const adjust = () => {
    button.disabled = text.value.trim() === ''
    text.style.height = 'auto'
    text.style.height = `${text.scrollHeight}px`
  }
  const submit = () => {
    const said = text.value.trim()
    if (said === '') return
    if (new TextEncoder().encode(said).length > MAX_BYTES) return say(words.tooLong)
    text.value = ''
    adjust()
    send(said)
    text.focus()
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  text.addEventListener('input', adjust)
  text.addEventListener('keydown', (event) => {
    // While an input method composes a letter (Korean, Japanese), Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    submit()
  })

  return {
    focus: () => text.focus(),
    showMenu(rows: readonly (readonly string[])[]) {
      const labels = rows.flat()
      if (labels.join('\n') === shownMenu) return
      shownMenu = labels.join('\n')
      menu.hidden = labels.length === 0
      menu.replaceChildren(
        ...labels.map((label) => {
          const chip = el('button', { type: 'button', class: 'chip', dir: 'auto' }, label)
          chip.addEventListener('click', () => send(label))
          return chip
        }),
      )
    },
  }
}
