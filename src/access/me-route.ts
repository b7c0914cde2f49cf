import { z } from 'zod'
import { type ApiCall, apiCall } from '../api/api-call.js'
import { STAFF } from '../api/who-may.js'
import { AppError } from '../errors.js'
import type { Caller } from './authentication.js'
import { ROLES } from './role.js'
import type { Roster } from './roster.js'
import type { StaffMember } from './staff.js'

/** What a business is called; whoever keeps businesses gives it. Null for one that is gone. */
export type BusinessName = (businessId: string) => Promise<string | null>

export interface MeNeeds {
  readonly roster: Roster
  readonly businessName: BusinessName
}

/** `GET /me`: whose key this is. What a connection of Zapier or Make asks first. */
export const meRoute = ({ roster, businessName }: MeNeeds): ApiCall =>
  apiCall({
    method: 'GET',
    path: '/me',
    tag: 'Access',
    summary: 'Whose API key this is',
    may: STAFF,
    answer: z.strictObject({
      business: z.strictObject({ id: z.string(), name: z.string() }),
      staff: z.strictObject({
        id: z.string(),
        name: z.string(),
        login: z.string().nullable(),
        role: z.enum(ROLES),
        location_id: z.string().nullable(),
      }),
      key: z.strictObject({ id: z.string(), name: z.string(), read_only: z.boolean() }),
    }),
    examples: [{ title: 'Whose key', status: 200 }],
    handle: async ({ caller }) => {
      const { businessId, staffId } = caller
      const [name, staff] = await Promise.all([businessName(businessId), roster.findStaff(businessId, staffId)])
      // Taken off the staff a moment ago, while the key was still remembered.
      if (name === null || !staff)
        throw new AppError('unauthorized', 'The owner of this key is no longer on the staff.')
      return { status: 200, body: presentMe(name, staff, caller) }
    },
  })

const presentMe = (businessName: string, staff: StaffMember, { businessId, keyId, keyName, isReadOnly }: Caller) => ({
  business: { id: businessId, name: businessName },
  staff: { id: staff.id, name: staff.name, login: staff.login, role: staff.role, location_id: staff.locationId },
  key: { id: keyId, name: keyName, read_only: isReadOnly },
})
