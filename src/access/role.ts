/** What somebody is for the business, and what their keys may do. */
export const ROLES = ['owner', 'marketer', 'cashier'] as const
export type Role = (typeof ROLES)[number]
