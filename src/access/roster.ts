import type { Database } from '../db/database.js'
import { randomId } from '../ids.js'
import type { Signals } from '../queue/signals.js'
import type { StaffRow } from './access-tables.js'
import { createApiKeyStore } from './api-key-store.js'
import type { AuditDetails, AuditNote } from './audit-chain.js'
import type { AuditedDecision, AuditLog, Author } from './audit-log.js'
import { type Fingerprint, pinHashOf, problemOfPin } from './pin.js'
import type { Role } from './role.js'
import { hasOwner, memberOf, normalLogin, refusalOf, type StaffMember, type StaffRefusal } from './staff.js'
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

/** Who works for a business. Every change is in the audit log, in the same batch, and every process hears of it. */
export interface Roster {
  addStaff(staff: NewStaff): Promise<StaffOutcome>
  /** All who are on the staff, the first added first. */
  listStaff(businessId: string): Promise<readonly StaffMember[]>
  /** Null for somebody who is not, or no longer, on this business's staff. */
  findStaff(businessId: string, staffId: string): Promise<StaffMember | null>
  /**
   * A PIN that somebody at the new location has already is refused (`pin_taken`): change or take away the PIN first. With
   * the login goes its API key.
   */
  changeStaff(change: StaffChange): Promise<StaffOutcome>
  /** Ends what they may do at once: their API key is deleted, their PIN nobody's, and `findStaff` finds them no more. */
  removeStaff(who: OneOfStaff): Promise<StaffOutcome>
  /** Null takes the PIN away. */
  setPin(pin: OneOfStaff & { readonly pin: string | null }): Promise<StaffOutcome>
}

export interface RosterNeeds {
  readonly db: Database
  readonly audit: AuditLog
  readonly signals: Signals
  readonly fingerprint: Fingerprint
  readonly locationsOf: LocationsOf
}

export const createRoster = ({ db, audit, signals, fingerprint, locationsOf }: RosterNeeds): Roster => {
  const store = createStaffStore(db)
  const keys = createApiKeyStore(db)
  const hashOf = (businessId: string, pin: string | null) =>
    pin === null ? null : pinHashOf(fingerprint, businessId, pin)

  /** Decides about one who is on the staff, beside all who are. */
  const decideOn = async (
    who: OneOfStaff,
    decide: (row: StaffRow, all: readonly StaffRow[], now: number) => AuditedDecision<StaffOutcome>,
  ): Promise<StaffOutcome> => {
    const { businessId, staffId } = who
    const outcome = await audit.atomically(who, { all: store.ofBusiness({ businessId }) }, ({ all }, now) => {
      const row = all.find(({ id }) => id === staffId)
      return row ? decide(row, all, now) : refused('unknown_staff')
    })
    signals.publish('access', businessId)
    return outcome
  }

  /** Makes `wish` of somebody's row, if it can stand among the others; `note` says in the audit log what has changed. */
  const change = async (who: OneOfStaff, wish: (row: StaffRow) => StaffRow, note: (row: StaffRow) => AuditNote) => {
    const locationIds = await locationsOf(who.businessId)
    return decideOn(who, (row, all) => {
      const wished = wish(row)
      const refusal = refusalOf(wished, all, locationIds)
      if (refusal !== null) return refused(refusal)
      const dropKey = wished.login === null ? [keys.dropOfStaff({ staffId: row.id })] : []
      return done(wished, [store.save(wished), ...dropKey], note(wished))
    })
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
    removeStaff: (who) =>
      decideOn(who, (row, all, now) => {
        const { id } = row
        if (row.role === 'owner' && !hasOwner(all.filter((other) => other !== row))) return refused('last_owner')
        const writes = [store.remove({ id, now }), keys.dropOfStaff({ staffId: id })]
        return done(row, writes, { action: 'staff.removed', subjectId: id })
      }),
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

const done = (
  row: StaffRow,
  writes: AuditedDecision<StaffOutcome>['writes'],
  note: AuditNote,
): AuditedDecision<StaffOutcome> => ({
  writes,
  audit: [note],
  result: { kind: 'done', staff: memberOf(row) },
})
