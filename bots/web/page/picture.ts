import type { ShownPicture } from '../web-protocol.js'
import { BASE } from './api.js'
import { el, icon } from './dom.js'
import type { Words } from './words.js'

/** A picture whose place is there before it is, and which opens large. */
export const pictureBox = (picture: ShownPicture, words: Words): HTMLElement => {
  const { altText, widthPx = 4, heightPx = 3 } = picture
  const image = el('img', { alt: altText, width: widthPx, height: heightPx, decoding: 'async' })
  const box = el('button', { type: 'button', class: 'picture', title: words.enlarge }, image)
  const url = new URL(picture.url, new URL('..', BASE)).href
  const load = () => {
    box.classList.remove('missing')
    image.src = url
  }
  const note = el('span', { class: 'note' }, words.noPicture)
  image.addEventListener('load', () => note.remove())
  image.addEventListener('error', () => {
    box.classList.add('missing')
    box.append(note)
  })
  box.addEventListener('click', () => (box.classList.contains('missing') ? load() : openViewer(image, words)))
  load()
  return box
}

/** The browser's own modal dialog: it keeps the focus, closes on Esc, and gives the focus back. */
const openViewer = (image: HTMLImageElement, words: Words): void => {
  const close = el('button', { type: 'button', class: 'close', 'aria-label': words.close }, icon('close'))
  const large = el('img', { src: image.src, alt: image.alt, width: image.width, height: image.height })
  const viewer = el('dialog', { class: 'viewer', 'aria-label': image.alt }, large, close)
  viewer.addEventListener('click', () => viewer.close())
  viewer.addEventListener('close', () => viewer.remove())
  document.body.append(viewer)
  viewer.showModal()
  close.focus()
}
