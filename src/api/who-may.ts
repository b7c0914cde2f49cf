import type { Permission } from '../access/api-route.js'
import { ROLES } from '../access/role.js'

/** Whoever stands at the till. */
export const STAFF: Permission = { roles: ROLES }
/** Whoever looks after the programme: what shows many people at once, and what is promised to them. */
export const DESK: Permission = { roles: ['owner', 'marketer'] }
export const OWNER: Permission = { roles: ['owner'] }
