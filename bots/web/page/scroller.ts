import { prefersCalm } from './dom.js'

const NEAR_END_PX = 80

export interface Scroller {
  isAtEnd(): boolean
  toEnd(smooth: boolean): void
}

/** Keeps the newest message in view for whoever reads at the end, and leaves everybody else where they read. */
export const createScroller = (log: HTMLElement, onEnd: () => void): Scroller => {
  let isAtEnd = true
  const toEnd = (smooth: boolean) => {
    isAtEnd = true
    log.scrollTo({ top: log.scrollHeight, behavior: smooth && !prefersCalm() ? 'smooth' : 'instant' })
  }
  log.addEventListener(
    'scroll',
    () => {
      const wasAtEnd = isAtEnd
      isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX
      if (isAtEnd && !wasAtEnd) onEnd()
    },
    { passive: true },
  )
  // The on-screen keyboard and the menu take room away; what was read last stays in view.
  new ResizeObserver(() => {
    if (isAtEnd) log.scrollTop = log.scrollHeight
  }).observe(log)
  return { isAtEnd: () => isAtEnd, toEnd }
}
