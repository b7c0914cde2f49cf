const SHOW_AFTER_MS = 350
const HIDE_AFTER_MS = 10_000

/** Shows that an answer is being written while one is expected: not for the blink of an eye, and not for ever. */
export const createTyping = (show: (isTyping: boolean) => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    clearTimeout(timer)
    show(false)
  }
  return {
    stop,
    expect() {
      clearTimeout(timer)
      timer = setTimeout(() => {
        show(true)
        timer = setTimeout(stop, HIDE_AFTER_MS)
      }, SHOW_AFTER_MS)
    },
  }
}
