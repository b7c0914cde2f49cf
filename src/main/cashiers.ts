import type { Cashiers } from '../../bots/chats/cashiers.js'
import type { StaffMember } from '../access/staff.js'
import { assertNever } from '../errors.js'
import type { Foundation } from './foundation.js'

/** The staff as a shared device asks about them. */
export const openCashiers = ({ access }: Pick<Foundation, 'access'>): Cashiers => ({
  byPin: async (typed) => {
    const answer = await access.cashierByPin(typed)
    switch (answer.kind) {
      case 'cashier':
        return { kind: 'cashier', cashier: cashierOf(answer.staff) }
      case 'wrong':
      case 'locked':
        return { kind: answer.kind }
      default:
        return assertNever(answer)
    }
  },
  byId: async (businessId, locationId, staffId) => {
    const staff = await access.roster.findStaff(businessId, staffId)
    const worksHere = staff !== null && (staff.locationId === null || staff.locationId === locationId)
    return worksHere ? cashierOf(staff) : null
  },
})

const cashierOf = ({ id, name }: StaffMember) => ({ staffId: id, name })
