import { el, part } from './dom.js'
import type { Words } from './words.js'

/** A short break is nobody's business. */
const BANNER_AFTER_MS = 1_200

/** Tells whether the chat is live: a word in the header, and a banner once it has not been for a moment. */
export const createPresence = (words: Words, retry: () => void) => {
  const presence = part('presence', HTMLElement)
  const banner = part('banner', HTMLElement)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isReplaced = false

  const showBanner = (...content: (Node | string)[]) => {
    banner.replaceChildren(...content)
    banner.classList.toggle('shown', content.length > 0)
  }

  const setState = (state: 'open' | 'closed') => {
    presence.textContent = state === 'open' ? words.online : words.connecting
    presence.dataset.state = state
    if (state === 'open') {
      isReplaced = false
      clearTimeout(timer)
      timer = undefined
      showBanner()
    } else if (!isReplaced) timer ??= setTimeout(() => showBanner(words.offline), BANNER_AFTER_MS)
  }

  presence.textContent = words.connecting
  return {
    setState,
    /** The chat goes on in newer tabs; this one waits until somebody comes back to it. */
    showReplaced() {
      isReplaced = true
      const here = el('button', { type: 'button' }, words.elsewhere)
      here.addEventListener('click', retry)
      showBanner(here)
    },
  }
}
