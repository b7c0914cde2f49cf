import { z } from 'zod'
import {
  choice,
  choices,
  count,
  counts,
  expiry,
  instant,
  longText,
  money,
  moneyChange,
  optional,
  optionalId,
  personal,
  requiredId,
  requiredInstant,
  title,
  titles,
} from './fields.js'
import { readBirthday, readEmail, readLanguage, readPhone } from './profile.js'

/**
 * The 13 events of 7stamp and their frames. The canonical event is the wire's own frame, in its snake_case: what comes in is
 * what is kept, what the API shows and what goes out to subscribers, so that there is one shape to know.
 *
 * 7stamp documents the names and one payload (`voucher_redeemed`, the English page "API & Integrations", May 2026); the
 * other frames are our reading of the same form, one documented example each in test/events/frames. So only `event`,
 * `timestamp`, `business_id` and `customer.id` are required, and members we do not know are kept where they are.
 */

/** Who it is about. `id` is 7stamp's; phone is E.164, email lower case, birthday `YYYY-MM-DD` or `--MM-DD`. */
const customer = z.looseObject({
  id: requiredId,
  wallet_pass_id: optionalId,
  language: personal(readLanguage),
  name: title,
  phone: personal(readPhone),
  email: personal(readEmail),
  birthday: personal(readBirthday),
})

/**
 * A customer's copy of a card template. `stamps` is an absolute count; `goal_index` counts a card's goals from 0. Our own cards
 * say more: all stamps since the card was issued (`stamps_total`), what is left of amounts for the next stamp, and what each
 * goal earns; one that was taken over from 7stamp says by which id, and what had been of it until then.
 */
const card = z.looseObject({
  id: optionalId,
  template_id: optionalId,
  title,
  stamps: count,
  stamps_goal: count,
  goal_index: count,
  goals: counts,
  platform: title,
  template_version: count,
  stamps_total: count,
  carried_amount: money,
  rewards: titles,
  external_id: optionalId,
  issued_at: instant,
  last_used_at: instant,
})

/** The increment of `stamp_added`; `receipt_id` is the till's, `amount` is in minor units of `currency`. */
const stamp = z.looseObject({
  id: optionalId,
  count,
  source: title,
  receipt_id: optionalId,
  amount: money,
  carried_change: moneyChange,
  currency: title,
  staff_id: optionalId,
})

/** The three reward formats of 7stamp's terms. Ours say by which stamp, and at how many of all stamps, they were earned. */
const reward = z.looseObject({
  id: optionalId,
  stamp_id: optionalId,
  stamps_total: count,
  type: choice(['award', 'voucher', 'lottery']),
  title,
  description: longText,
})

/**
 * `redeem_code` is what the till reads, in any of the formats; often a promo code shared by many vouchers. Our own vouchers
 * say their `number` too, and how they may be redeemed; those taken over from 7stamp as cards do.
 */
const voucher = z.looseObject({
  id: optionalId,
  number: title,
  template_id: optionalId,
  type: title,
  title,
  description: longText,
  redeem_code: title,
  redeem_code_formats: choices(['text', 'qr', 'barcode']),
  status: choice(['issued', 'active', 'redeemed', 'expired']),
  redeemed_via: title,
  redemption: choice(['self', 'staff', 'code']),
  expires_at: expiry,
  external_id: optionalId,
  issued_at: instant,
  state_at: instant,
})

/** Who redeemed a voucher of our own: staff, or the customer alone (then `staff_id` is missing). */
const redemption = z.looseObject({ id: optionalId, staff_id: optionalId, receipt_id: optionalId })

/** What the lottery gave; `variant` is the prize's name. Ours can be computed again from what they say of the draw. */
const lottery = z.looseObject({
  id: optionalId,
  reward_id: optionalId,
  template_id: optionalId,
  template_version: count,
  random: title,
  seed: title,
  variant_index: count,
  result: title,
  variant: title,
  greeting: longText,
  voucher_id: optionalId,
})

const inactivity = z.looseObject({ days: count, last_stamp_at: instant })

const campaign = z.looseObject({ id: optionalId, name: title, channels: titles, push_text: title, text: longText })

/** The parts of a frame that are objects of their own. */
export const blocks = { customer, card, stamp, reward, voucher, redemption, lottery, inactivity, campaign }

/** The members every frame may have. `id` is not sent today; if it is one day, it is the duplicate key. */
export const envelope = z.looseObject({
  id: optionalId,
  event: z.string().trim().min(1).max(100),
  timestamp: requiredInstant,
  business_id: requiredId,
  location_id: optionalId,
  customer,
  card: optional(card),
  /** Of our own events: the stamp, redemption or adoption that this one takes back. */
  undoes: optionalId,
  /** Of our own events: the adoption that took a card or voucher over from 7stamp, or is taken back. */
  adoption: optionalId,
})

/**
 * What an event does not bring by our reading: used where it comes all the same and makes sense, else left out. It is no
 * reason to refuse the event, and nobody may read it unchecked.
 */
const withStrays = envelope.extend({
  reward: optional(reward).catch(undefined),
  voucher: optional(voucher).catch(undefined),
  lottery: optional(lottery).catch(undefined),
})

const frame = <const Name extends string, const Blocks extends z.core.$ZodLooseShape>(name: Name, own: Blocks) =>
  withStrays.extend({ event: z.literal(name), ...own })

const frames = {
  card_issued: frame('card_issued', {}),
  card_saved: frame('card_saved', {}),
  card_opened: frame('card_opened', {}),
  stamp_added: frame('stamp_added', { stamp: optional(stamp) }),
  goal_reached: frame('goal_reached', { reward: optional(reward), voucher: optional(voucher) }),
  reward_issued: frame('reward_issued', {
    reward: optional(reward),
    voucher: optional(voucher),
    lottery: optional(lottery),
  }),
  voucher_issued: frame('voucher_issued', { voucher: optional(voucher) }),
  voucher_redeemed: frame('voucher_redeemed', { voucher: optional(voucher), redemption: optional(redemption) }),
  voucher_expired: frame('voucher_expired', { voucher: optional(voucher) }),
  lottery_played: frame('lottery_played', { lottery: optional(lottery), voucher: optional(voucher) }),
  birthday_reached: frame('birthday_reached', { reward: optional(reward), voucher: optional(voucher) }),
  inactivity_trigger: frame('inactivity_trigger', { inactivity: optional(inactivity), voucher: optional(voucher) }),
  campaign_sent: frame('campaign_sent', { campaign: optional(campaign), voucher: optional(voucher) }),
}

export type EventName = keyof typeof frames

export const eventNames = Object.keys(frames) as readonly EventName[]

export const isKnownEvent = (name: unknown): name is EventName =>
  typeof name === 'string' && Object.hasOwn(frames, name)

/** All 13 frames, told apart by `event`. Compiled, since each webhook is parsed before it is answered (3 × as fast). */
export const eventSchema = z.compile(
  z.discriminatedUnion('event', [
    frames.card_issued,
    frames.card_saved,
    frames.card_opened,
    frames.stamp_added,
    frames.goal_reached,
    frames.reward_issued,
    frames.voucher_issued,
    frames.voucher_redeemed,
    frames.voucher_expired,
    frames.lottery_played,
    frames.birthday_reached,
    frames.inactivity_trigger,
    frames.campaign_sent,
  ]),
)

/** A type without the index signature that `looseObject` adds: unknown members are kept, but only known ones can be read. */
type Known<T> = T extends readonly (infer Item)[]
  ? readonly Known<Item>[]
  : T extends object
    ? { readonly [Key in keyof T as string extends Key ? never : Key]: Known<T[Key]> }
    : T

/** One event in canonical form. `switch (event.event)` narrows it to its frame. */
export type LoyaltyEvent = Known<z.output<typeof eventSchema>>

/** The event of one name: `EventOf<'voucher_issued'>`. */
export type EventOf<Name extends EventName> = Extract<LoyaltyEvent, { readonly event: Name }>

export type EventCustomer = LoyaltyEvent['customer']
export type EventCard = NonNullable<LoyaltyEvent['card']>
export type EventVoucher = Known<z.output<typeof voucher>>
