import { createDropOldAttempts } from '../deliveries/old-attempts.js'
import { createAdoptStore } from '../loyalty/adopt/adopt-store.js'
import { createImportStore } from '../loyalty/import/import-store.js'
import type { Chore } from '../queue/reconciler.js'
import type { Foundation } from './foundation.js'

const DAY_MS = 86_400_000

/** How long what nobody needs for good is kept. The README tells it in words, with what stays for good and why. */
export const KEPT_MS = {
  /** An answered update is known again so long if its messenger repeats it. */
  updates: 2 * DAY_MS,
  /** Receipts that nothing has matched by then belong to messages of somebody else. */
  parkedReceipts: DAY_MS,
  /** Behind the end of their time. */
  links: DAY_MS,
  /** A guest who comes back later is a new one. */
  guests: 90 * DAY_MS,
  /** Why and how often a message was tried. */
  attempts: 90 * DAY_MS,
  /** That a file was imported. The same one begins anew after it, which doubles nobody. */
  imports: 365 * DAY_MS,
  /** What was taken over from 7stamp as it was: for the 7 days of an undo, and as long again for one that is not finished. */
  adopted: 14 * DAY_MS,
} as const

/** A short transaction: other writers wait for it. */
export const DROPPED_AT_ONCE = 500

/** Drops what is older than it may be, a little in each round. */
export const retentionChores = ({ db, clock }: Pick<Foundation, 'db' | 'clock'>): readonly Chore[] => {
  const dropOldAttempts = createDropOldAttempts(db)
  const imports = createImportStore(db)
  const adoptions = createAdoptStore(db)
  return [
    {
      name: 'old attempts',
      run: () => dropOldAttempts({ before: clock() - KEPT_MS.attempts, limit: DROPPED_AT_ONCE }),
    },
    {
      name: 'old imports',
      run: async () => {
        await db.write(imports.dropOld({ before: clock() - KEPT_MS.imports }))
        return 0
      },
    },
    {
      name: 'old adopted',
      run: async () => {
        const old = await db.read(adoptions.old({ before: clock() - KEPT_MS.adopted, limit: DROPPED_AT_ONCE }))
        if (old.length > 0) await db.write(...old.map(adoptions.drop))
        return old.length
      },
    },
  ]
}
