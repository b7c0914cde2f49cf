import type { Database } from '../db/database.js'
import { randomId } from '../ids.js'
import type { StaffRow } from './access-tables.js'
import type { AuditDetails, AuditNote } from './audit-chain.js'
import type { AuditedDecision, AuditLog, Author } from './audit-log.js'
import { type Fingerprint, pinHashOf, problemOfPin } from './pin.js'
import { hasOwner, memberOf, normalLogin, type Role, refusalOf, type StaffMember, type StaffRefusal } from './staff.js'
import { createStaffStore } from './staff-store.js'

/** The ids of a business's locations; whoever keeps them gives them. */
export type LocationsOf = (businessId: string) => Promise<readonly string[]>

export type StaffOutcome =
  | { readonly kind: 'done'; readonly staff: StaffMember }
  | { readonly kind: 'refused'; readonly reason: StaffRefusal }

export interface NewStaff extends Author {
  readonly name: string
  readonly role: Role
  readonly login?: string | null
  readonly locationId?: string | null
  /** 4 to 6 digits */
  readonly pin?: string | null
}

export interface OneOfStaff extends Author {
  readonly staffId: string
}

/** What is left out stays as it is. */
export interface StaffChange extends OneOfStaff {
  readonly change: Partial<Pick<StaffMember, 'name' | 'login' | 'role' | 'locationId'>>
}

/** Who works for a business. Every change is in the audit log, in the same batch. */
export interface Roster {
  addStaff(staff: NewStaff): Promise<StaffOutcome>
  /** All who are on the staff, the first added first. */
  listStaff(businessId: string): Promise<readonly StaffMember[]>
  /** Null for somebody who is not, or no longer, on this business's staff. */
  findStaff(businessId: string, staffId: string): Promise<StaffMember | null>
  /** A PIN that somebody at the new location has already is refused (`pin_taken`): change or take away the PIN first. */
  changeStaff(change: StaffChange): Promise<StaffOutcome>
  /** Ends what they may do at once: their PIN is nobody's, and `findStaff` finds them no more. */
  removeStaff(who: OneOfStaff): Promise<StaffOutcome>
  /** Null takes the PIN away. */
  setPin(pin: OneOfStaff & { readonly pin: string | null }): Promise<StaffOutcome>
}

export interface RosterNeeds {
  readonly db: Database
  readonly audit: AuditLog
  readonly fingerprint: Fingerprint
  readonly locationsOf: LocationsOf
}

export const createRoster = ({ db, audit, fingerprint, locationsOf }: RosterNeeds): Roster => {
  const store = createStaffStore(db)
  const hashOf = (businessId: string, pin: string | null) =>
    pin === null ? null : pinHashOf(fingerprint, businessId, pin)

  /** Makes `wish` of one who is on the staff, if it can stand there; `note` says in the audit log what has changed. */
  const change = async (who: OneOfStaff, wish: (row: StaffRow) => StaffRow, note: (row: StaffRow) => AuditNote) => {
    const { businessId, staffId } = who
    const locationIds = await locationsOf(businessId)
    return audit.atomically(
      who,
      { all: store.ofBusiness({ businessId }) },
      ({ all }): AuditedDecision<StaffOutcome> => {
        const row = all.find(({ id }) => id === staffId)
        if (!row) return refused('unknown_staff')
        const wished = wish(row)
        const refusal = refusalOf(wished, all, locationIds)
        return refusal === null ? done(wished, [store.save(wished)], note(wished)) : refused(refusal)
      },
    )
  }

  return {
    addStaff: async ({ pin = null, ...given }) => {
      const { businessId, role, locationId = null } = given
      const problem = pin === null ? null : problemOfPin(pin)
      if (problem !== null) return { kind: 'refused', reason: problem }
      const wished = {
        id: randomId('staff'),
        businessId,
        name: given.name.trim(),
        login: loginOf(given.login),
        role,
        locationId,
        pinHash: hashOf(businessId, pin),
      }
      const locationIds = await locationsOf(businessId)
      return audit.atomically(given, { all: store.ofBusiness({ businessId }) }, ({ all }, now) => {
        const refusal = refusalOf(wished, all, locationIds)
        if (refusal !== null) return refused(refusal)
        const row = { ...wished, createdAt: now, removedAt: null }
        return done(row, [store.add(row)], noteOf('staff.added', row))
      })
    },
    listStaff: async (businessId) => (await db.read(store.ofBusiness({ businessId }))).map(memberOf),
    findStaff: async (businessId, staffId) => {
      const [row] = await db.read(store.byId({ businessId, id: staffId }))
      return row ? memberOf(row) : null
    },
    changeStaff: ({ change: given, ...who }) =>
      change(
        who,
        (row) => ({
          ...row,
          name: given.name?.trim() ?? row.name,
          login: given.login === undefined ? row.login : loginOf(given.login),
          role: given.role ?? row.role,
          locationId: given.locationId === undefined ? row.locationId : given.locationId,
        }),
        (row) => noteOf('staff.changed', row),
      ),
    removeStaff: (who) => {
      const { businessId, staffId } = who
      return audit.atomically(who, { all: store.ofBusiness({ businessId }) }, ({ all }, now) => {
        const row = all.find(({ id }) => id === staffId)
        if (!row) return refused('unknown_staff')
        const others = all.filter((other) => other !== row)
        if (row.role === 'owner' && !hasOwner(others)) return refused('last_owner')
        return done(row, [store.remove({ id: staffId, now })], { action: 'staff.removed', subjectId: staffId })
      })
    },
    setPin: async ({ pin, ...who }) => {
      const problem = pin === null ? null : problemOfPin(pin)
      if (problem !== null) return { kind: 'refused', reason: problem }
      const pinHash = hashOf(who.businessId, pin)
      const action = pin === null ? 'staff.pin_taken_away' : 'staff.pin_set'
      return change(
        who,
        (row) => ({ ...row, pinHash }),
        ({ id }) => ({ action, subjectId: id }),
      )
    },
  }
}

const loginOf = (login: string | null | undefined): string | null => {
  const normal = normalLogin(login ?? '')
  return normal === '' ? null : normal
}

const noteOf = (action: string, { id, role, locationId }: StaffRow): AuditNote => {
  const details: AuditDetails = { role, location_id: locationId }
  return { action, subjectId: id, details }
}

const refused = (reason: StaffRefusal): AuditedDecision<StaffOutcome> => ({
  writes: [],
  audit: [],
  result: { kind: 'refused', reason },
})

const done = (row: StaffRow, writes: AuditedDecision<StaffOutcome>['writes'], note: AuditNote) => ({
  writes,
  audit: [note],
  result: { kind: 'done' as const, staff: memberOf(row) },
})
