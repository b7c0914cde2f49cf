import type { BusinessStore } from '../business/business-store.js'
import type { Database } from '../db/database.js'
import type { Journal } from '../events/journal.js'
import { createWaker } from '../events/waker.js'
import type { Log } from '../log.js'
import type { LoyaltyStore } from '../loyalty/loyalty-store.js'
import { createAddStamps } from '../loyalty/own/add-stamps.js'
import type { CommandNeeds } from '../loyalty/own/commands.js'
import { createDrawLottery } from '../loyalty/own/draw-lottery.js'
import { createIssueCard } from '../loyalty/own/issue-card.js'
import { createIssueVoucher } from '../loyalty/own/issue-voucher.js'
import { createOwnStore } from '../loyalty/own/own-store.js'
import { createRedeemVoucher } from '../loyalty/own/redeem-voucher.js'
import { createTemplateStore } from '../loyalty/own/template-store.js'
import { createSaveCardTemplate, createSaveVoucherTemplate } from '../loyalty/own/templates.js'
import { createUndoRedemption } from '../loyalty/own/undo-redemption.js'
import { createUndoStamp } from '../loyalty/own/undo-stamp.js'
import { UNDO_LIMIT_MS } from '../loyalty/own/undoing.js'
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
  const templates = createTemplateStore(db)
  const waker = createWaker(queue, log)
  const needs: CommandNeeds = {
    db,
    loyalty,
    own: createOwnStore(db),
    templates,
    undoLimitMs: UNDO_LIMIT_MS,
    journal,
    businessById: businesses.byId,
    wake: (shard) => waker.wake(shard),
  }
  return {
    saveCardTemplate: createSaveCardTemplate(db, templates),
    saveVoucherTemplate: createSaveVoucherTemplate(db, templates),
    issueCard: createIssueCard(needs),
    addStamps: createAddStamps(needs),
    undoStamp: createUndoStamp(needs),
    drawLottery: createDrawLottery(needs),
    issueVoucher: createIssueVoucher(needs),
    redeemVoucher: createRedeemVoucher(needs),
    undoRedemption: createUndoRedemption(needs),
  }
}
