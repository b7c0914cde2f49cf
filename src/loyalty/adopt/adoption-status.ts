import type { AdoptNeeds } from './adopt-needs.js'
import type { Adoption } from './adopt-tables.js'
import { lateSince } from './adoption-record.js'

export type AdoptionStatus = Adoption & {
  /** Events of 7stamp's since, about what is ours: they changed nothing, and nobody was told. */
  readonly lateEvents: number
}

/** All adoptions of a business, the newest first. */
export const createAdoptionStatus =
  ({ db, store, lateEvents }: Pick<AdoptNeeds, 'db' | 'store' | 'lateEvents'>) =>
  async (businessId: string): Promise<readonly AdoptionStatus[]> => {
    const adoptions = await db.read(store.adoptionsOf({ businessId }))
    return Promise.all(
      adoptions.map(async (adoption) => {
        const [late] = await db.read(lateEvents({ businessId, since: lateSince(adoption) }))
        return { ...adoption, lateEvents: late?.count ?? 0 }
      }),
    )
  }
