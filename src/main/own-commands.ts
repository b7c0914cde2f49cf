import type { BusinessStore } from '../business/business-store.js'
import type { Database } from '../db/database.js'
import type { Journal } from '../events/journal.js'
import { createWaker } from '../events/waker.js'
import type { Log } from '../log.js'
import type { LoyaltyStore } from '../loyalty/loyalty-store.js'
import type { CommandNeeds } from '../loyalty/own/commands.js'
import { createIssueVoucher } from '../loyalty/own/issue-voucher.js'
import { createOwnStore } from '../loyalty/own/own-store.js'
import { createRedeemVoucher } from '../loyalty/own/redeem-voucher.js'
import type { Queue } from '../queue/queue.js'

export interface OwnCommandsNeeds {
  readonly db: Database
  readonly loyalty: LoyaltyStore
  readonly journal: Journal
  readonly businesses: BusinessStore
  readonly queue: Queue
  readonly log: Log
}

/** What may be done to cards and vouchers of our own, by whoever asks: the API, a till, a chat. */
export const openOwnCommands = ({ db, loyalty, journal, businesses, queue, log }: OwnCommandsNeeds) => {
  const waker = createWaker(queue, log)
  const needs: CommandNeeds = {
    db,
    loyalty,
    own: createOwnStore(db),
    journal,
    businessById: businesses.byId,
    wake: (shard) => waker.wake(shard),
  }
  return { issueVoucher: createIssueVoucher(needs), redeemVoucher: createRedeemVoucher(needs) }
}
