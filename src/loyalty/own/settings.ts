import type { SettingsRow } from './own-tables.js'

/** What a business may choose of how its own cards work. */
export type LoyaltySettings = Omit<SettingsRow, 'businessId'>

const MINUTE_MS = 60_000

const USUAL: LoyaltySettings = { inactivityDays: 30, undoLimitMs: 15 * MINUTE_MS }

/** A business’s own settings, or the usual ones. */
export const settingsIn = (rows: readonly LoyaltySettings[]): LoyaltySettings => rows[0] ?? USUAL
