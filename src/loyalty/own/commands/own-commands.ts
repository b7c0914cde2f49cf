import type { createSaveCardTemplate, createSaveVoucherTemplate } from '../templates.js'
import type { createAddStamps } from './add-stamps.js'
import type { createDrawLottery } from './draw-lottery.js'
import type { createIssueCard } from './issue-card.js'
import type { createIssueVoucher } from './issue-voucher.js'
import type { createRedeemVoucher } from './redeem-voucher.js'
import type { createUndoRedemption } from './undo-redemption.js'
import type { createUndoStamp } from './undo-stamp.js'

/** What may be done to cards and vouchers of our own, by whoever asks. */
export interface OwnCommands {
  readonly saveCardTemplate: ReturnType<typeof createSaveCardTemplate>
  readonly saveVoucherTemplate: ReturnType<typeof createSaveVoucherTemplate>
  readonly issueCard: ReturnType<typeof createIssueCard>
  readonly addStamps: ReturnType<typeof createAddStamps>
  readonly undoStamp: ReturnType<typeof createUndoStamp>
  readonly drawLottery: ReturnType<typeof createDrawLottery>
  readonly issueVoucher: ReturnType<typeof createIssueVoucher>
  readonly redeemVoucher: ReturnType<typeof createRedeemVoucher>
  readonly undoRedemption: ReturnType<typeof createUndoRedemption>
}
