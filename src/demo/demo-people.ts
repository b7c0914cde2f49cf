import { customerIdOf } from '../events/journaled-event.js'
import { DEMO_CUSTOMERS } from './demo-data.js'

const IDS = new Set(DEMO_CUSTOMERS.map(({ id }) => id))

/** Whether 7stamp's customer id is one of the demo's people, who are in no audience and no report. */
export const isDemoPerson = (externalId: string): boolean => IDS.has(externalId)

/** Our ids of the demo's people at a business. */
export const demoCustomerIds = (businessId: string): readonly string[] =>
  DEMO_CUSTOMERS.map(({ id }) => customerIdOf(businessId, id))
