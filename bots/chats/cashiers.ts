import type { Cashier, TypedPin } from '../conversation/staff/staff-facts.js'

/** What shared devices ask about the people at the counter. `main` gives the answers of who keeps staff. */
export interface Cashiers {
  /** Whose PIN it is at this location. Wrong ones are counted for the chat, and too many are refused. */
  byPin(typed: {
    readonly businessId: string
    readonly locationId: string
    readonly chatId: string
    readonly pin: string
    /** Unix ms */
    readonly now: number
  }): Promise<TypedPin>
  /** Null for somebody who may not redeem at this location any more. */
  byId(businessId: string, locationId: string, staffId: string): Promise<Cashier | null>
}
