/** What the launcher remembers on the business's own page, where its visitor allows that. */
const PREFIX = 'stampcast:'

const attempt = <T>(work: () => T, fallback: T): T => {
  try {
    return work()
  } catch {
    return fallback
  }
}

/** Whether the chat is open: for this tab, so that the next page of the site shows it as the last one did. */
export const wasOpen = (): boolean => attempt(() => sessionStorage.getItem(`${PREFIX}open`) === '1', false)

export const rememberOpen = (isOpen: boolean): void =>
  attempt(() => sessionStorage.setItem(`${PREFIX}open`, isOpen ? '1' : '0'), undefined)

/** A deep link is used up by its first use, so the same one is not passed on twice. */
export const takeStart = (start: string | undefined): string | null => {
  if (start === undefined || !/^[\w-]{1,64}$/.test(start)) return null
  if (attempt(() => localStorage.getItem(`${PREFIX}start`), null) === start) return null
  attempt(() => localStorage.setItem(`${PREFIX}start`, start), undefined)
  return start
}
