import type { Bound, Database } from '../db/database.js'

/** A business and its sisters. */
export type FamilyOf = (values: { rootId: string }) => Bound<readonly { readonly id: string }[]>

export interface FamilyNeeds {
  readonly db: Database
  readonly familyOf: FamilyOf
}

/** The ids of a business and its sisters, as a JSON array. */
export const familyIds = async ({ db, familyOf }: FamilyNeeds, businessId: string): Promise<string> =>
  JSON.stringify((await db.read(familyOf({ rootId: businessId }))).map(({ id }) => id))

/** Whether the one business is the other, or its sister. */
export const isFamily = async ({ db, familyOf }: FamilyNeeds, businessId: string, other: string): Promise<boolean> =>
  businessId === other || (await db.read(familyOf({ rootId: businessId }))).some(({ id }) => id === other)
