/** Where a bar is drawn. */
interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const WIDTH = 30
const REDRAW_MS = 100

/** A bar on a terminal; on anything else nothing, so that logs and pipes stay clean. */
export const openProgressBar = (terminal: Terminal) => {
  const isShown = terminal.isTTY === true
  let drawnAt = 0
  let isDrawn = false
  return {
    /** `share` is from 0 to 1. */
    show: (share: number, text: string): void => {
      const now = performance.now()
      if (!isShown || (now - drawnAt < REDRAW_MS && share < 1)) return
      drawnAt = now
      isDrawn = true
      const filled = Math.round(Math.min(1, share) * WIDTH)
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
      terminal.write(`\r\u001b[2K${bar} ${Math.floor(Math.min(1, share) * 100)} %  ${text}`)
    },
    /** Takes it away. */
    end: (): void => {
      if (isDrawn) terminal.write('\r\u001b[2K')
      isDrawn = false
    },
  }
}
