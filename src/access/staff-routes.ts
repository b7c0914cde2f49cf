import { z } from 'zod'
import { type ApiCall, apiCall } from '../api/api-call.js'
import { id, time, timeOf } from '../api/fields.js'
import { OWNER } from '../api/who-may.js'
import { AppError } from '../errors.js'
import { invalidInput } from '../field-errors.js'
import { ROLES } from './role.js'
import type { Roster, StaffOutcome } from './roster.js'
import { normalLogin, type StaffMember, type StaffRefusal, WHAT_TO_DO } from './staff.js'

const staffJson = z
  .strictObject({
    id: id('staff'),
    name: z.string(),
    login: z.string().nullable(),
    role: z.enum(ROLES),
    location_id: z.string().nullable().describe('Null for somebody who works at every location.'),
    has_pin: z.boolean(),
    created_at: time,
  })
  .meta({ id: 'Staff' })

/** The field that each refusal is about; null for one that is about the staff as a whole. */
const FIELDS: Readonly<Record<StaffRefusal, string | null>> = {
  unknown_staff: null,
  last_owner: null,
  name_malformed: 'name',
  login_malformed: 'login',
  login_needed: 'login',
  login_taken: 'login',
  unknown_location: 'location_id',
  pin_malformed: 'pin',
  pin_obvious: 'pin',
  pin_taken: 'pin',
}

export const staffRoutes = (roster: Roster): readonly ApiCall[] => [
  apiCall({
    method: 'GET',
    path: '/staff',
    tag: 'Access',
    summary: 'Who works for the business',
    may: OWNER,
    answer: z.strictObject({ data: z.array(staffJson) }),
    examples: [{ title: 'All', status: 200 }],
    handle: async ({ caller }) => ({
      status: 200,
      body: { data: (await roster.listStaff(caller.businessId)).map(present) },
    }),
  }),
  apiCall({
    method: 'POST',
    path: '/staff',
    tag: 'Access',
    summary: 'Add somebody to the staff',
    may: OWNER,
    body: z.strictObject({
      name: z.string(),
      role: z.enum(ROLES),
      login: z.string().nullable().default(null),
      location_id: z.string().nullable().default(null),
      pin: z.string().nullable().default(null).describe('4 to 6 digits, for the till in a chat.'),
    }),
    answer: staffJson,
    examples: [{ title: 'A cashier', body: { name: 'Nina', role: 'cashier', login: 'nina' }, status: 201 }],
    handle: async ({ caller, body, mayBeDone }) => {
      const { businessId, keyId } = caller
      const { name, role, login, location_id: locationId, pin } = body
      const outcome = await roster.addStaff({ businessId, actor: keyId, name, role, login, locationId, pin })
      const isTaken = outcome.kind === 'refused' && outcome.reason === 'login_taken'
      if (isTaken && mayBeDone && login !== null) {
        const staff = await roster.listStaff(businessId)
        const added = staff.find((one) => one.login === normalLogin(login) && one.role === role)
        if (added) return { status: 201, body: present(added) }
      }
      return { status: 201, body: present(staffIn(outcome)) }
    },
  }),
  apiCall({
    method: 'PATCH',
    path: '/staff/{id}',
    tag: 'Access',
    summary: 'Change what somebody on the staff is called and may do',
    may: OWNER,
    body: z.strictObject({
      name: z.string().optional(),
      role: z.enum(ROLES).optional(),
      login: z.string().nullable().optional(),
      location_id: z.string().nullable().optional(),
    }),
    answer: staffJson,
    examples: [{ title: 'Promoted', params: { id: 'staff_example' }, body: { role: 'marketer' }, status: 200 }],
    handle: async ({ caller, params, body }) => {
      const change = {
        ...(body.name !== undefined && { name: body.name }),
        ...(body.role !== undefined && { role: body.role }),
        ...(body.login !== undefined && { login: body.login }),
        ...(body.location_id !== undefined && { locationId: body.location_id }),
      }
      const who = { businessId: caller.businessId, actor: caller.keyId, staffId: params.id }
      return { status: 200, body: present(staffIn(await roster.changeStaff({ ...who, change }))) }
    },
  }),
]

const staffIn = (outcome: StaffOutcome): StaffMember => {
  if (outcome.kind === 'done') return outcome.staff
  const { reason } = outcome
  const field = FIELDS[reason]
  if (field !== null) throw invalidInput([{ field, message: WHAT_TO_DO[reason] }])
  throw new AppError(reason === 'unknown_staff' ? 'not_found' : 'conflict', WHAT_TO_DO[reason])
}

const present = (staff: StaffMember): z.input<typeof staffJson> => ({
  id: staff.id,
  name: staff.name,
  login: staff.login,
  role: staff.role,
  location_id: staff.locationId,
  has_pin: staff.hasPin,
  created_at: timeOf(staff.createdAt),
})
