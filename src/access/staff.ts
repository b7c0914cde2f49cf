import type { StaffRow } from './access-tables.js'
import type { PinProblem } from './pin.js'
import type { Role } from './role.js'

/** Somebody who works for the business, as others may see them. */
export interface StaffMember {
  readonly id: string
  readonly businessId: string
  readonly name: string
  /** Null for a cashier who only has a PIN. */
  readonly login: string | null
  readonly role: Role
  /** Null for somebody who works at every location. */
  readonly locationId: string | null
  readonly hasPin: boolean
  /** Unix ms */
  readonly createdAt: number
}

/** Without the hashes. */
export const memberOf = (row: StaffRow): StaffMember => {
  const { id, businessId, name, login, role, locationId, pinHash, createdAt } = row
  return { id, businessId, name, login, role, locationId, hasPin: pinHash !== null, createdAt }
}

/** Why a change of staff is not made. */
export type StaffRefusal =
  | PinProblem
  | 'unknown_staff'
  | 'name_malformed'
  | 'login_malformed'
  | 'login_needed'
  | 'login_taken'
  | 'unknown_location'
  | 'pin_taken'
  | 'last_owner'

/** What to do about a refusal, for whoever wished the change. */
export const WHAT_TO_DO: Readonly<Record<StaffRefusal, string>> = {
  unknown_staff: 'There is nobody with this id on the staff.',
  name_malformed: 'Give a name of 1 to 80 characters.',
  login_malformed: 'A login has 2 to 64 letters, digits or . _ - + @, and begins with a letter or digit.',
  login_needed: 'An owner and a marketer need a login.',
  login_taken: 'Somebody else on the staff has this login: choose another.',
  unknown_location: 'The business has no location with this id.',
  pin_malformed: 'A PIN has 4 to 6 digits.',
  pin_obvious: 'This PIN is among the first that anybody would try: choose digits without a pattern.',
  pin_taken: 'Choose another PIN: this one does not tell who it is.',
  last_owner: 'The business would have no owner: make somebody else one first.',
}

/** A row of staff as wished; checked before it is written. */
export type WishedStaff = Pick<StaffRow, 'id' | 'name' | 'login' | 'role' | 'locationId' | 'pinHash'>

const MAX_NAME_LENGTH = 80

/** Logins are compared as they are stored. */
export const normalLogin = (login: string): string => login.trim().toLowerCase()

/**
 * Why `wished` cannot stand among the `others` (all who are on the staff, itself included if it is there); null if it can.
 * `locationIds` are the business's.
 */
export const refusalOf = (
  wished: WishedStaff,
  others: readonly StaffRow[],
  locationIds: readonly string[],
): StaffRefusal | null => {
  const { id, name, login, role, locationId, pinHash } = wished
  const colleagues = others.filter((other) => other.id !== id)
  if (name === '' || name.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(name)) return 'name_malformed'
  if (login === null && role !== 'cashier') return 'login_needed'
  if (login !== null && !/^[\p{L}\p{N}][\p{L}\p{N}._+@-]{1,63}$/u.test(login)) return 'login_malformed'
  if (login !== null && colleagues.some((other) => other.login === login)) return 'login_taken'
  if (locationId !== null && !locationIds.includes(locationId)) return 'unknown_location'
  const isTaken = (other: StaffRow) => other.pinHash === pinHash && canMeet(other.locationId, locationId)
  if (pinHash !== null && colleagues.some(isTaken)) return 'pin_taken'
  const wasOwner = others.some((other) => other.id === id && other.role === 'owner')
  return wasOwner && role !== 'owner' && !hasOwner(colleagues) ? 'last_owner' : null
}

export const hasOwner = (staff: readonly StaffRow[]): boolean => staff.some(({ role }) => role === 'owner')

/** Whether two people may share a device, where a PIN alone must tell them apart. */
const canMeet = (one: string | null, other: string | null): boolean => one === null || other === null || one === other

/** Who of those with the typed PIN it is, on a device of `locationId`; null if nobody, or if it could be several. */
export const namedBy = (holders: readonly StaffRow[], locationId: string | null): StaffMember | null => {
  const [only, ...more] = holders.filter((holder) => canMeet(holder.locationId, locationId))
  return only && more.length === 0 ? memberOf(only) : null
}
