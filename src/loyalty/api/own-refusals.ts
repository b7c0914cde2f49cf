import { timeOf } from '../../api/fields.js'
import { AppError, assertNever } from '../../errors.js'
import { invalidInput } from '../../field-errors.js'
import type { Stamping } from '../own/commands/add-stamps.js'
import type { VoucherIssue } from '../own/commands/issue-voucher.js'
import type { RedemptionUndo } from '../own/commands/undo-redemption.js'
import type { UndoRefusal } from '../own/commands/undoing.js'
import type { RedeemRefusal } from '../own/redemption.js'
import { unknown } from './customer-desk.js'

/** What the API says where a command of our own refuses. */

export const managedBy7stamp = (): AppError =>
  new AppError('managed_by_7stamp', 'It is 7stamp’s: change it there, with the 7stamp scanner.')

export const voucherIssueRefused = (
  reason: (VoucherIssue & { kind: 'refused' })['reason'],
  templateId: string | undefined,
): AppError => {
  switch (reason) {
    case 'customer_not_found':
      return unknown('customer')
    case 'card_not_found':
      return unknown('card')
    case 'over':
      return invalidInput([
        templateId === undefined
          ? { field: 'validity.last_day', message: 'is over' }
          : { field: 'template_id', message: 'promises vouchers whose last day is over' },
      ])
    default:
      return assertNever(reason)
  }
}

export const cardIssueRefused = (
  reason: 'customer_not_found' | 'template_not_found',
  templateId: string | undefined,
): AppError => {
  if (reason === 'customer_not_found') return unknown('customer')
  return templateId === undefined
    ? new AppError('no_card_template', 'The business has no card template yet: make one first.')
    : unknown('card template')
}

/** `by` is what the stamps were asked for by. */
export const stampRefused = (reason: (Stamping & { kind: 'refused' })['reason'], by: 'count' | 'amount'): AppError => {
  switch (reason) {
    case 'not_found':
      return unknown('card')
    case 'managed_by_7stamp':
      return managedBy7stamp()
    case 'own_card':
      return new AppError('own_card', 'Somebody else stamps the cards of the staff.')
    case 'amount_missing':
      return invalidInput([{ field: 'amount', message: 'is required: the card is stamped by amount' }])
    case 'wrong_currency':
      return invalidInput([{ field: 'currency', message: 'is not the one that the card is stamped by' }])
    case 'amount_too_small':
      return invalidInput([{ field: 'amount', message: 'is too small for a stamp' }])
    case 'too_many_stamps':
      return invalidInput([{ field: by, message: 'is more than one visit can bring' }])
    case 'card_complete':
      return new AppError('card_complete', 'The card is complete and takes no more stamps.')
    default:
      return assertNever(reason)
  }
}

export const redemptionRefused = (refusal: RedeemRefusal): AppError => {
  switch (refusal.reason) {
    case 'not_found':
      return unknown('voucher')
    case 'managed_by_7stamp':
      return managedBy7stamp()
    case 'own_voucher':
      return new AppError('own_voucher', 'Somebody else redeems the vouchers of the staff.')
    case 'staff_only':
      return new AppError('staff_only', 'Only the staff redeems this voucher.')
    case 'expired':
      return new AppError('voucher_expired', 'The voucher is over.')
    case 'not_active':
      return new AppError('voucher_not_active', 'The voucher cannot be used yet.')
    case 'already_redeemed':
      return new AppError('already_redeemed', `The voucher was redeemed at ${timeOf(refusal.at)}.`)
    default:
      return assertNever(refusal)
  }
}

export const redemptionUndoRefused = (reason: (RedemptionUndo & { kind: 'refused' })['reason']): AppError => {
  switch (reason) {
    case 'not_found':
      return unknown('voucher')
    case 'managed_by_7stamp':
      return managedBy7stamp()
    case 'not_redeemed':
      return new AppError('not_redeemed', 'The voucher is not redeemed.')
    case 'too_late':
      return new AppError('too_late', 'It is too long ago to be taken back.')
    default:
      return assertNever(reason)
  }
}

export const stampUndoRefused = (refusal: UndoRefusal): AppError => {
  switch (refusal.reason) {
    case 'not_found':
      return unknown('stamp')
    case 'already_undone':
      return new AppError('already_undone', 'It was taken back before.')
    case 'too_late':
      return new AppError('too_late', 'It is too long ago to be taken back.')
    case 'reward_used':
      return new AppError('reward_used', `What it earned was used: ${refusal.rewardId}.`)
    default:
      return assertNever(refusal)
  }
}
