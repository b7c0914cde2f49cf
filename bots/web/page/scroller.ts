import { prefersCalm } from './dom.js'

const NEAR_END_PX = 80

export interface Scroller {
  isAtEnd(): boolean
  toEnd(smooth: boolean): void
}

/** Keeps the newest message in view for whoever reads at the end, and leaves everybody else where they read. */
export const createScroller = (log: HTMLElement, onEnd: () => void): Scroller => {
  let isAtEnd = true
  let lastTop = 0
  log.addEventListener(
    'scroll',
    () => {
      const isNear = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX
      // Only readers scroll up; on its way down to the end the page itself is not there yet and still belongs there.
      if (isNear) isAtEnd = true
      else if (log.scrollTop < lastTop) isAtEnd = false
      lastTop = log.scrollTop
      if (isNear) onEnd()
    },
    { passive: true },
  )
  // The on-screen keyboard and the menu take room away; what was read last stays in view.
  new ResizeObserver(() => {
    if (isAtEnd) log.scrollTop = log.scrollHeight
  }).observe(log)
  return {
    isAtEnd: () => isAtEnd,
    toEnd(smooth) {
      isAtEnd = true
      log.scrollTo({ top: log.scrollHeight, behavior: smooth && !prefersCalm() ? 'smooth' : 'instant' })
    },
  }
}
