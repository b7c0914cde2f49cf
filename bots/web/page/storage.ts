/** The browser's storage, or the page's own memory where a visitor allows none. */
export interface Storage {
  get(key: string): string | null
  set(key: string, value: string | null): void
  keys(): string[]
}

/** Keys are kept apart from those of other pages of the same origin. */
export const openStorage = (prefix: string): Storage => {
  const memory = new Map<string, string>()
  const attempt = <T>(work: () => T, fallback: T): T => {
    try {
      return work()
    } catch {
      return fallback
    }
  }
  return {
    get: (key) => memory.get(key) ?? attempt(() => localStorage.getItem(prefix + key), null),
    set(key, value) {
      if (value === null) {
        memory.delete(key)
        attempt(() => localStorage.removeItem(prefix + key), undefined)
      } else {
        memory.set(key, value)
        attempt(() => localStorage.setItem(prefix + key, value), undefined)
      }
    },
    keys: () => {
      const stored = attempt(() => Object.keys(localStorage), [])
      const own = stored.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
      return [...new Set([...memory.keys(), ...own])]
    },
  }
}
