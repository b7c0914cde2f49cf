import { expect, vi } from 'vitest'
import type { Incoming } from '../../bots/messenger.js'
import type { Clock } from '../../src/clock.js'
import type { VoucherRow } from '../../src/loyalty/loyalty-tables.js'
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
