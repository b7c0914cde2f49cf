import { el } from './dom.js'

const LINK = /https?:\/\/[^\s<>"'`]+/g
/** What ends a sentence after an address is not part of it. */
const AFTER_LINK = /[.,;:!?)\]}»”…]+$/u

/** A message's text: as text, with web addresses to click on. Each line runs in its own direction. */
export const richText = (text: string): HTMLElement => {
  const box = el('p', { class: 'text', dir: 'auto' })
  let at = 0
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(AFTER_LINK, '')
    if (!isWebAddress(address)) continue
    box.append(text.slice(at, found.index), externalLink(address, {}, address))
    at = found.index + address.length
  }
  box.append(text.slice(at))
  return box
}

export const externalLink = (url: string, attributes: { class?: string }, ...children: (Node | string)[]) =>
  el('a', { ...attributes, href: url, target: '_blank', rel: 'noopener noreferrer' }, ...children)

/** Only the web: a `javascript:` address from whoever wrote the message must not run here. */
export const isWebAddress = (url: string): boolean => {
  try {
    return /^https?:$/.test(new URL(url).protocol)
  } catch {
    return false
  }
}
