import type { Caller } from '../../access/authentication.js'
import { invalidInput } from '../../field-errors.js'

/** What the calls about cards need to know of a business. */
export interface Places {
  /** The location that a caller names; null if they name none. Throws AppError('invalid_input') for one of nobody. */
  locationIn(caller: Caller, locationId: string | undefined): Promise<string | null>
  /** ISO 4217 */
  currencyOf(businessId: string): Promise<string>
}

export const createPlaces = (needs: {
  readonly locationsOf: (businessId: string) => Promise<readonly string[]>
  readonly currencyOf: (businessId: string) => Promise<string>
}): Places => ({
  locationIn: async ({ businessId }, locationId) => {
    if (locationId === undefined) return null
    if ((await needs.locationsOf(businessId)).includes(locationId)) return locationId
    throw invalidInput([{ field: 'location_id', message: 'must be a location of the business' }])
  },
  currencyOf: needs.currencyOf,
})
