/**
 * "Demo Coffee" and its people, and what 7stamp would send about them: one card of 8 stamps with rewards at 3 and 8. Pure: the
 * state of a customer's card, the time and a fresh id come in, a frame of 7stamp's webhook comes out.
 */
export const DEMO_BUSINESS = { externalId: 'demo_coffee', name: 'Demo Coffee' } as const

export interface DemoCustomer {
  /** 7stamp's id of the customer. */
  readonly id: string
  readonly name: string
  readonly language: string
  /** How many stamps the card has when the demo begins. */
  readonly stamps: number
}

export const DEMO_CUSTOMERS: readonly DemoCustomer[] = [
  { id: 'demo_olena', name: 'Олена Коваль', language: 'uk', stamps: 2 },
  { id: 'demo_emma', name: 'Emma Wilson', language: 'en', stamps: 6 },
  { id: 'demo_minjun', name: '김민준', language: 'ko', stamps: 0 },
]

const GOALS = [3, 8] as const
const LAST_GOAL = 8
const CARD_TITLE = 'Coffee card'
const TEMPLATE = 'demo_template'

interface Prize {
  readonly title: string
  readonly description: string
  readonly code: string
}

/** One for each goal. */
const PRIZES: Readonly<Record<(typeof GOALS)[number], Prize>> = {
  3: { title: 'Free cookie', description: 'Any cookie from the counter', code: 'COOKIE' },
  8: { title: 'Free coffee', description: 'Any size, any milk', code: 'FREECOFFEE' },
}

const DAY_MS = 24 * 60 * 60_000

/** The events that the panel offers, in the order in which they usually happen. */
export const DEMO_EVENTS = [
  { id: 'stamp_added', label: 'Stamp added' },
  { id: 'goal_reached_3', label: 'Goal reached: 3 stamps' },
  { id: 'goal_reached_8', label: 'Goal reached: 8 stamps' },
  { id: 'voucher_issued', label: 'Voucher issued' },
  { id: 'voucher_redeemed', label: 'Voucher redeemed' },
  { id: 'voucher_expired', label: 'Voucher expired' },
  { id: 'lottery_played', label: 'Lottery played' },
  { id: 'reward_issued', label: 'Reward issued' },
  { id: 'card_issued', label: 'Card issued' },
  { id: 'card_saved', label: 'Card saved to a wallet' },
  { id: 'card_opened', label: 'Card opened' },
  { id: 'birthday_reached', label: 'Birthday' },
  { id: 'inactivity_trigger', label: 'Not seen for 30 days' },
  { id: 'campaign_sent', label: 'Campaign sent' },
] as const

export type DemoEventId = (typeof DEMO_EVENTS)[number]['id']

/** What the mirror knows of a demo customer. */
export interface DemoState {
  /** Null while no event has carried a count. */
  readonly stamps: number | null
  /** 7stamp's ids of the vouchers that can still be redeemed, newest first. */
  readonly openVouchers: readonly string[]
  readonly hearing: DemoHearing
}

/** What a demo customer may be told: nothing without a chat or after STOP, news and offers after a yes. */
export type DemoHearing = 'no_chat' | 'stopped' | 'no_offers' | 'all'

export interface DemoMoment {
  /** Unix ms */
  readonly now: number
  /** Unlike any before: part of the ids of what the frame creates. */
  readonly freshId: string
}

/** A body of 7stamp's webhook. */
export type Frame = Readonly<Record<string, unknown>> & { readonly event: string; readonly timestamp: string }

/** What 7stamp would send next if this happened to this customer now. Each call is an event of its own. */
export const buildFrame = (customer: DemoCustomer, event: DemoEventId, state: DemoState, moment: DemoMoment): Frame => {
  const { event: name, ...blocks } = eventPart(customer, event, state, moment)
  return { event: name, ...envelope(customer, moment.now), ...blocks }
}

/** Without a location: it would stay among the business's own, with a link and a poster. */
const envelope = (customer: DemoCustomer, now: number) => ({
  timestamp: new Date(now).toISOString(),
  business_id: DEMO_BUSINESS.externalId,
  customer: { id: customer.id, language: customer.language, name: customer.name },
})

interface EventPart {
  readonly event: string
  readonly [block: string]: unknown
}

const eventPart = (customer: DemoCustomer, event: DemoEventId, state: DemoState, moment: DemoMoment): EventPart => {
  const stamps = state.stamps ?? customer.stamps
  switch (event) {
    case 'card_issued':
      return { event, card: wholeCard(customer, 0) }
    case 'card_saved':
      return { event, card: { id: cardId(customer), platform: 'google' } }
    case 'card_opened':
    case 'birthday_reached':
      return { event, card: { id: cardId(customer) } }
    case 'stamp_added':
      return stampAdded(customer, stamps, moment)
    case 'goal_reached_3':
      return goalReached(customer, 3)
    case 'goal_reached_8':
      return goalReached(customer, 8)
    case 'reward_issued':
      return { event, card: goalCard(customer, 3), reward: { type: 'award', title: 'A cookie of your choice' } }
    case 'voucher_issued':
      return voucherIssued(customer, stamps, moment)
    case 'voucher_redeemed':
      return voucherEnded(customer, event, state, moment, { status: 'redeemed', redeemed_via: 'staff_scanner' })
    case 'voucher_expired':
      return voucherEnded(customer, event, state, moment, { status: 'expired' })
    case 'lottery_played':
      return {
        event,
        card: { id: cardId(customer) },
        lottery: {
          id: `demo_lottery_${moment.freshId}`,
          result: 'award',
          variant: 'Free dessert',
          greeting: 'You won a dessert!',
        },
      }
    case 'inactivity_trigger':
      return {
        event,
        card: { id: cardId(customer) },
        inactivity: { days: 30, last_stamp_at: new Date(moment.now - 30 * DAY_MS).toISOString() },
      }
    case 'campaign_sent':
      return {
        event,
        card: { id: cardId(customer) },
        campaign: {
          id: `demo_campaign_${moment.freshId}`,
          name: 'Double stamps',
          channels: ['card', 'email'],
          push_text: 'Double stamps!',
          text: 'Double stamps this weekend. See you!',
        },
      }
  }
}

const cardId = (customer: DemoCustomer) => `${customer.id}_card`

const wholeCard = (customer: DemoCustomer, stamps: number) => ({
  id: cardId(customer),
  template_id: TEMPLATE,
  title: CARD_TITLE,
  stamps,
  stamps_goal: LAST_GOAL,
  goal_index: goalIndex(stamps),
  goals: GOALS,
})

/** The goal that the card is on its way to, counted from 0. */
const goalIndex = (stamps: number): number =>
  Math.max(
    0,
    GOALS.findIndex((goal) => stamps <= goal),
  )

const goalCard = (customer: DemoCustomer, goal: (typeof GOALS)[number]) => ({
  id: cardId(customer),
  goal_index: GOALS.indexOf(goal),
})

/** A full card begins again. */
const stampAdded = (customer: DemoCustomer, stamps: number, { freshId }: DemoMoment): EventPart => ({
  event: 'stamp_added',
  card: wholeCard(customer, stamps >= LAST_GOAL ? 1 : stamps + 1),
  stamp: { count: 1, source: 'staff_scanner', receipt_id: `demo_receipt_${freshId}` },
})

const goalReached = (customer: DemoCustomer, goal: (typeof GOALS)[number]): EventPart => ({
  event: 'goal_reached',
  card: { ...wholeCard(customer, goal), ...goalCard(customer, goal) },
  reward: { type: 'voucher', title: PRIZES[goal].title },
})

const voucherIssued = (customer: DemoCustomer, stamps: number, { now, freshId }: DemoMoment): EventPart => {
  const goal = stamps >= LAST_GOAL ? LAST_GOAL : 3
  const { title, description, code } = PRIZES[goal]
  const voucher = {
    id: `demo_voucher_${freshId}`,
    type: 'voucher',
    title,
    description,
    redeem_code: code,
    redeem_code_formats: ['text', 'qr', 'barcode'],
    status: 'issued',
    expires_at: new Date(now + 30 * DAY_MS).toISOString(),
  }
  return { event: 'voucher_issued', card: goalCard(customer, goal), voucher }
}

const voucherEnded = (
  customer: DemoCustomer,
  event: 'voucher_redeemed' | 'voucher_expired',
  { openVouchers: [newest] }: DemoState,
  { freshId }: DemoMoment,
  end: { readonly status: string; readonly redeemed_via?: string },
): EventPart => ({
  event,
  card: { id: cardId(customer) },
  voucher: { id: newest ?? `demo_voucher_${freshId}`, type: 'voucher', ...end },
})

/** The people and cards that a demo begins with, as frames with ids of their own: sending them again changes nothing. */
export const seedFrames = (now: number): readonly Frame[] =>
  DEMO_CUSTOMERS.flatMap((customer) => {
    const issued: Frame = {
      id: `demo_seed_card_${customer.id}`,
      event: 'card_issued',
      ...envelope(customer, now - DAY_MS),
      card: wholeCard(customer, 0),
    }
    if (customer.stamps === 0) return [issued]
    const stamped: Frame = {
      id: `demo_seed_stamps_${customer.id}`,
      event: 'stamp_added',
      ...envelope(customer, now - DAY_MS / 2),
      card: wholeCard(customer, customer.stamps),
      stamp: { count: customer.stamps, source: 'staff_scanner' },
    }
    return [issued, stamped]
  })
