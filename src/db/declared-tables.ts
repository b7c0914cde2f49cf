import type { Kit } from './kit.js'

/** Builds what each declaration declares once per database, so that every store of it shares the same table objects. */
export const memoByKit = (kit: Kit) => {
  const built = new Map<(kit: Kit) => unknown, unknown>()
  return <T>(declare: (kit: Kit) => T): T => {
    if (!built.has(declare)) built.set(declare, declare(kit))
    return built.get(declare) as T
  }
}
