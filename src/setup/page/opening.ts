import { el, part } from '../../../bots/web/page/dom.js'
import { TEXTS } from '../setup-texts.js'
import { api } from './api.js'

/**
 * Opens a setup link (`/?setup=…`): by a request of the page's own, so that nothing that only looks at addresses (previews
 * in messengers, scanners of mail) uses the link up.
 */
export const openSetupLink = async (token: string): Promise<void> => {
  const box = part('opening', HTMLElement)
  box.hidden = false
  box.replaceChildren(el('p', {}, TEXTS.opening))
  const opened = await api.open(token)
  if (opened.kind === 'done') return location.replace(location.pathname)
  if (opened.kind === 'unreached') return void box.replaceChildren(el('p', { class: 'bad' }, TEXTS.notOpened))
  part('owners', HTMLElement).hidden = true
  box.replaceChildren(
    el('h2', {}, TEXTS.usedLink.title),
    el('p', {}, TEXTS.usedLink.what),
    el('p', {}, TEXTS.usedLink.newLink, ' ', el('code', {}, TEXTS.welcome.command)),
  )
}
