import { el } from './dom.js'

/** Puts text on the clipboard. Pages on plain http have no clipboard of their own and copy a selection instead. */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelection(text)
  }
}

const copySelection = (text: string): boolean => {
  const focused = document.activeElement
  const area = el('textarea', { class: 'unseen', 'aria-hidden': 'true', readonly: true })
  area.value = text
  document.body.append(area)
  area.select()
  try {
    return document.execCommand('copy')
  } finally {
    area.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}
