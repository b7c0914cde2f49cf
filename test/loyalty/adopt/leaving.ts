import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asc } from 'drizzle-orm'
import { ADOPT_COMMANDS } from '../../../src/cli/adopt-command.js'
import type { Clock } from '../../../src/clock.js'
import { statement } from '../../../src/db/database.js'
import { deliveryTables } from '../../../src/deliveries/delivery-tables.js'
import { eventTables } from '../../../src/events/event-tables.js'
import { loyaltyTables } from '../../../src/loyalty/loyalty-tables.js'
import { cardIdOf, voucherIdOf } from '../../../src/loyalty/subjects.js'
import { serveApi } from '../../api/open-api.js'
import { openCounter } from '../../chats/counter.js'
import type { TestBot } from '../../support/test-bot.js'

type Blocks = Readonly<Record<string, unknown>>

/**
 * A café with 7stamp's cards that is about to leave: Olena reads her chat, the team theirs, and there is a template of its own
 * with a voucher at 3 and a coffee at 8 stamps.
 */
export const openLeaving = async (open?: (clock: Clock) => Promise<TestBot>) => {
  const counter = await openCounter(open)
  const { foundation, businessId, folder, now } = counter
  const api = await serveApi({ foundation, businessId })
  const voucherTemplate = await api.ok('POST', '/voucher_templates', {
    title: 'Cookie',
    validity: { kind: 'unlimited' },
  })
  const template = await api.ok('POST', '/card_templates', {
    title: 'Our coffee card',
    goals: [
      { stamps: 3, reward: { kind: 'voucher', title: 'Cookie', voucher_template_id: voucherTemplate.id } },
      { stamps: 8, reward: { kind: 'voucher', title: 'Cookie', voucher_template_id: voucherTemplate.id } },
    ],
    stamping: { kind: 'per_order' },
    after_last_goal: 'start_over',
  })
  const { cards, vouchers, customers } = foundation.db.tables(loyaltyTables)
  const { events } = foundation.db.tables(eventTables)
  const { deliveries } = foundation.db.tables(deliveryTables)
  const all = {
    customers: statement('test customers', (q) => q.select().from(customers).orderBy(asc(customers.id))),
    cards: statement('test cards', (q) => q.select().from(cards).orderBy(asc(cards.id))),
    vouchers: statement('test vouchers', (q) => q.select().from(vouchers).orderBy(asc(vouchers.id))),
    events: statement('test journal', (q) => q.select().from(events).orderBy(asc(events.seq))),
    deliveries: statement('test deliveries', (q) => q.select({ id: deliveries.id }).from(deliveries)),
  }
  const exportPath = join(folder, 'export.csv')
  const reportPath = join(folder, 'report.csv')
  const adopt = async (...options: string[]) => {
    const context = { foundation, firstBusinessId: businessId }
    const printed = await ADOPT_COMMANDS.adopt?.run(context, [...options, '--report', reportPath])
    if (!printed) throw new Error('there is no command adopt')
    return { ...printed, row: printed.rows[0] }
  }
  const leave = (...options: string[]) =>
    adopt(
      '--template',
      String(template.id),
      '--export',
      exportPath,
      '--as-of',
      new Date(now()).toISOString(),
      ...options,
    )
  const frame = (event: string, customer: string, blocks: Blocks) => ({
    event,
    timestamp: new Date(now()).toISOString(),
    business_id: 'b_123',
    customer: { id: customer, language: 'en' },
    card: { id: `card_${customer}` },
    ...blocks,
  })
  return {
    ...counter,
    api,
    templateId: String(template.id),
    exportPath,
    cardId: (customer: string) => cardIdOf(businessId, `card_${customer}`),
    voucherId: (voucher: string) => voucherIdOf(businessId, voucher),
    /** 7stamp tells of a card, and of how many stamps it has if that is given. */
    tells: (event: string, customer: string, blocks: Blocks = {}) => counter.event(frame(event, customer, blocks)),
    /** The same, which nobody has applied yet. */
    posts: (event: string, customer: string, blocks: Blocks = {}) => counter.posts(frame(event, customer, blocks)),
    exports: (...lines: readonly string[]) =>
      writeFileSync(exportPath, `Card ID,Customer ID,Stamps\n${lines.map((line) => `${line}\n`).join('')}`),
    report: () => readFileSync(reportPath, 'utf8').trimEnd().split('\r\n').slice(1).sort(),
    adopt,
    dryRun: () => leave('--dry-run'),
    leave: (...options: string[]) => leave('--yes', ...options),
    undo: () => adopt('--undo', '--yes'),
    verified: () => foundation.verifying.own(businessId),
    cardOf: async (customer: string) => {
      const [card] = await foundation.db.read(
        foundation.loyalty.cardById({ id: cardIdOf(businessId, `card_${customer}`) }),
      )
      return card
    },
    voucherNow: async (voucher: string) => {
      const [row] = await foundation.db.read(foundation.loyalty.voucherById({ id: voucherIdOf(businessId, voucher) }))
      return row
    },
    rows: async () => ({
      customers: await foundation.db.read(all.customers({})),
      cards: await foundation.db.read(all.cards({})),
      vouchers: await foundation.db.read(all.vouchers({})),
      deliveries: (await foundation.db.read(all.deliveries({}))).length,
    }),
    journal: () => foundation.db.read(all.events({})),
  }
}

export type Leaving = Awaited<ReturnType<typeof openLeaving>>
