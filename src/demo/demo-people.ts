import { DEMO_CUSTOMERS } from './demo-data.js'

const IDS = new Set(DEMO_CUSTOMERS.map(({ id }) => id))

/** Whether 7stamp's customer id is one of the demo's people, who are in no audience and no report. */
export const isDemoPerson = (externalId: string): boolean => IDS.has(externalId)
