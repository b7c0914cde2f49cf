import type { BusinessStore } from '../business/business-store.js'
import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import type { Journal } from '../events/journal.js'
import { createWaker } from '../events/waker.js'
import type { Log } from '../log.js'
import { createCardBook } from '../loyalty/card-book.js'
import { createCardDesk } from '../loyalty/card-desk.js'
import { createLookupStore } from '../loyalty/lookup-store.js'
import type { LoyaltyStore } from '../loyalty/loyalty-store.js'
import { createClockStore } from '../loyalty/own/clock/clock-store.js'
import { createClockwork } from '../loyalty/own/clock/clockwork.js'
import { createAddStamps } from '../loyalty/own/commands/add-stamps.js'
import type { CommandNeeds } from '../loyalty/own/commands/commands.js'
import { createDrawLottery } from '../loyalty/own/commands/draw-lottery.js'
import { createIssueCard } from '../loyalty/own/commands/issue-card.js'
import { createIssueVoucher } from '../loyalty/own/commands/issue-voucher.js'
import { createRedeemVoucher } from '../loyalty/own/commands/redeem-voucher.js'
import { createUndoRedemption } from '../loyalty/own/commands/undo-redemption.js'
import { createUndoStamp } from '../loyalty/own/commands/undo-stamp.js'
import { createOwnStore } from '../loyalty/own/own-store.js'
import type { SettingsRow } from '../loyalty/own/own-tables.js'
import { createTemplateStore } from '../loyalty/own/template-store.js'
import { createSaveCardTemplate, createSaveVoucherTemplate } from '../loyalty/own/templates.js'
import { createVoucherBook } from '../loyalty/voucher-book.js'
import type { Queue } from '../queue/queue.js'

export interface OwnCommandsNeeds {
  readonly db: Database
  readonly loyalty: LoyaltyStore
  readonly journal: Journal
  readonly businesses: BusinessStore
  readonly queue: Queue
  readonly log: Log
}

/** What may be done to cards and vouchers of our own, by whoever asks: the API, a till, a chat, the clock. */
export const openOwnCommands = (foundation: OwnCommandsNeeds) => {
  const { db, businesses } = foundation
  const needs = commandNeeds(foundation)
  const counter = { ...needs, lookups: createLookupStore(db), familyOf: businesses.family }
  return {
    cardTemplatesOf: needs.templates.cardTemplatesOf,
    saveCardTemplate: createSaveCardTemplate(db, needs.templates),
    saveVoucherTemplate: createSaveVoucherTemplate(db, needs.templates, needs.businessById),
    saveSettings: (settings: SettingsRow) => db.write(needs.own.saveSettings(settings)),
    issueCard: createIssueCard(needs),
    addStamps: createAddStamps(needs),
    undoStamp: createUndoStamp(needs),
    drawLottery: createDrawLottery(needs),
    issueVoucher: createIssueVoucher(needs),
    redeemVoucher: createRedeemVoucher(needs),
    undoRedemption: createUndoRedemption(needs),
    /** For the chats of guests. */
    cardDesk: createCardDesk(needs),
    /** For the staff chats. */
    voucherBook: createVoucherBook(counter),
    cardBook: createCardBook(counter),
  }
}

/** The events that come by the clock. */
export const openClockwork = (foundation: OwnCommandsNeeds & { readonly clock: Clock }) => {
  const { db, journal, businesses, queue, clock, log } = foundation
  return createClockwork({
    commands: commandNeeds(foundation),
    store: createClockStore(db),
    journal,
    queue,
    clock,
    log,
    listBusinesses: () => db.read(businesses.all({})),
  })
}

const commandNeeds = ({ db, loyalty, journal, businesses, queue, log }: OwnCommandsNeeds): CommandNeeds => {
  const waker = createWaker(queue, log)
  return {
    db,
    loyalty,
    own: createOwnStore(db),
    templates: createTemplateStore(db),
    journal,
    businessById: businesses.byId,
    wake: (shard) => waker.wake(shard),
  }
}
