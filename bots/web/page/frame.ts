import { CLOSE_MESSAGE } from './embed/close-message.js'

/**
 * The chat in a frame on the business's own page: takes the keyboard only when it is given it, and passes Escape on to the
 * page around it, which closes the frame.
 */
export const openInFrame = (focusComposer: () => void): void => {
  const focusIfNowhere = () => {
    if (document.activeElement === document.body) focusComposer()
  }
  if (document.hasFocus()) focusIfNowhere()
  addEventListener('focus', focusIfNowhere)
  addEventListener('keydown', (event) => {
    // An enlarged picture closes first.
    if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return
    // To whoever is allowed to show this page; the server has seen to that.
    parent.postMessage(CLOSE_MESSAGE, '*')
  })
}
