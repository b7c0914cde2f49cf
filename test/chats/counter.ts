import { expect, vi } from 'vitest'
import type { Incoming } from '../../bots/messenger.js'
import type { Clock } from '../../src/clock.js'
import type { CardRow, VoucherRow } from '../../src/loyalty/loyalty-tables.js'
import type { CardRules } from '../../src/loyalty/own/card-rules.js'
import { parseVoucherTerms } from '../../src/loyalty/own/voucher-offer.js'
import { openTestBot, type TestBot } from '../support/test-bot.js'

const SOON = { timeout: 8_000, interval: 20 }

/** A café whose team is in the chat `team`, and Olena, a customer, in the chat `olena`; the clock can be moved. */
export const openCounter = async (open: (clock: Clock) => Promise<TestBot> = (clock) => openTestBot({}, clock)) => {
  let shiftMs = 0
  const now = () => Date.now() + shiftMs
  const bot = await open(now)
  const seen = (address: string) => bot.shown.filter((each) => each.address === address)
  const settled = (address: string, count: number) => vi.waitFor(() => expect(seen(address)).toHaveLength(count), SOON)
  /** Does something and gives what the chat then reads: the text and the labels of its buttons. */
  const answerTo = async (
    address: string,
    input: Incoming['input'],
    about: Partial<Incoming> = {},
  ): Promise<string> => {
    const before = seen(address).length
    await bot.does(address, input, about)
    await settled(address, before + 1)
    return read(address)
  }
  const read = (address: string): string => {
    const message = seen(address).at(-1)?.message
    return [message?.text, ...(message?.buttons ?? []).flat().map(({ label }) => `[${label}]`)].join('\n')
  }
  const actionOf = (address: string, label: string): string => {
    const buttons = seen(address).flatMap(({ message }) => (message.buttons ?? []).flat())
    const button = buttons.findLast((each) => each.label === label)
    if (button?.kind !== 'action') throw new Error(`no button ${label} in ${address}`)
    return button.action
  }
  const counter = {
    ...bot,
    now,
    wait: (ms: number) => {
      shiftMs += ms
    },
    read,
    settled,
    says: (address: string, text: string, about?: Partial<Incoming>) =>
      answerTo(address, { kind: 'text', text }, about),
    opens: (address: string, payload: string, about?: Partial<Incoming>) =>
      answerTo(address, { kind: 'start', payload }, about),
    presses: (address: string, label: string, about?: Partial<Incoming>) =>
      answerTo(address, { kind: 'action', action: actionOf(address, label) }, about),
    actionOf,
    /** Presses a button that was remembered, as `actionOf` gave it. */
    acts: (address: string, action: string, about?: Partial<Incoming>) =>
      answerTo(address, { kind: 'action', action }, about),
    /** A customer with a card, known from an event. */
    customer: (id: string, name: string) =>
      bot.event({
        event: 'card_issued',
        timestamp: new Date(now()).toISOString(),
        business_id: 'b_123',
        customer: { id, language: 'en', name },
        card: { id: `card_${id}` },
      }),
    /** A voucher of our own for the customer whom events call so. */
    issue: async (customer: string, change: { redeemCode?: string; days?: number } = {}): Promise<VoucherRow> => {
      const issue = await bot.foundation.own.issueVoucher({
        businessId: bot.businessId,
        customerId: bot.customerId(customer),
        cardId: null,
        offer: {
          templateId: null,
          title: 'Free coffee',
          description: null,
          redeemCode: change.redeemCode ?? null,
          formats: ['text', 'qr'],
          validity: change.days === undefined ? { kind: 'unlimited' } : { kind: 'days', days: change.days },
          redemption: 'staff',
        },
        key: null,
        origin: 'api',
        locationId: null,
        now: now(),
      })
      if (issue.kind !== 'issued') throw new Error(issue.reason)
      return issue.voucher
    },
    /** A card of our own for the customer whom events call so: a cookie at 3 stamps, a coffee at 8, as a voucher. */
    issueCard: async (customer: string, change: Partial<CardRules> = {}): Promise<CardRow> => {
      const { own } = bot.foundation
      const { businessId } = bot
      const terms = parseVoucherTerms({
        ...{ title: 'Free coffee', description: null, redeemCode: null, formats: ['text', 'qr'] },
        ...{ validity: { kind: 'unlimited' }, redemption: 'staff' },
      })
      const coffee = await own.saveVoucherTemplate({ businessId, id: null, key: 'coffee', now: now(), terms })
      if (coffee.kind !== 'saved') throw new Error(coffee.reason)
      const rules: CardRules = {
        title: 'Coffee card',
        goals: [
          { stamps: 3, reward: { kind: 'award', title: 'Cookie' } },
          { stamps: 8, reward: { kind: 'voucher', title: 'Free coffee', voucherTemplateId: coffee.template.id } },
        ],
        stamping: { kind: 'per_order' },
        afterLastGoal: 'start_over',
        ...change,
      }
      const saved = await own.saveCardTemplate({ businessId, id: null, key: JSON.stringify(change), rules, now: now() })
      if (saved.kind !== 'saved') throw new Error(saved.reason)
      const issue = await own.issueCard({
        ...{ businessId, customerId: bot.customerId(customer), templateId: saved.template.id },
        ...{ origin: 'api', locationId: null, now: now() },
      })
      if (issue.kind !== 'issued') throw new Error(issue.reason)
      return issue.card
    },
    /** How many stamps the card counts in all. */
    stampsOn: async ({ id }: CardRow): Promise<number | null> => {
      const [card] = await bot.foundation.db.read(bot.foundation.loyalty.cardById({ id }))
      return card?.stampsTotal ?? null
    },
    linkStaff: async (address: string, about?: Partial<Incoming>) =>
      answerTo(address, { kind: 'start', payload: await bot.link({ kind: 'staff' }) }, about),
    /** The first link is followed by the consent question. */
    linkCustomer: async (address: string, customer: string, messages = 2) => {
      const customerId = bot.customerId(customer)
      const before = seen(address).length
      await bot.does(address, { kind: 'start', payload: await bot.link({ kind: 'customer', customerId }) })
      await settled(address, before + messages)
    },
  }
  await counter.customer('olena', 'Olena Koval')
  await counter.linkStaff('team')
  return counter
}

export type Counter = Awaited<ReturnType<typeof openCounter>>
