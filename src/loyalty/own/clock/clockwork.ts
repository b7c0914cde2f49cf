import type { Clock } from '../../../clock.js'
import type { Journal } from '../../../events/journal.js'
import type { Log } from '../../../log.js'
import type { Queue, Worker } from '../../../queue/queue.js'
import type { VoucherRow } from '../../loyalty-tables.js'
import { type CommandNeeds, type OwnBusiness, wakeFor, writesOf } from '../commands/commands.js'
import type { Cause, OwnEvent } from '../own-event.js'
import { byId, NO_ROWS } from '../own-rows.js'
import { settingsIn } from '../settings.js'
import { voucherExpired } from '../voucher-events.js'
import type { ClockStore } from './clock-store.js'
import { birthdayIdOf, birthdayReached, inactivityIdOf, inactivityTrigger } from './scheduled-events.js'

const TOPIC = 'loyalty clock'
const ID = 'all'
const EVERY_5_MINUTES = '*/5 * * * *'
/** A short transaction for each, and as many of them share a commit. */
const AT_ONCE = 100
const DAY_MS = 86_400_000

export interface ClockworkNeeds {
  readonly commands: CommandNeeds
  readonly store: ClockStore
  readonly journal: Pick<Journal, 'entryById'>
  readonly queue: Queue
  readonly clock: Clock
  readonly log: Log
  listBusinesses(): Promise<readonly OwnBusiness[]>
}

/**
 * Writes the events that come by the clock, about customers with cards and vouchers of our own: vouchers that are over,
 * birthdays, customers who stay away. What is due is found in the database, so a time in which nothing ran is made up for,
 * and ids follow from customer and day, so nothing is written twice.
 */
export const createClockwork = (needs: ClockworkNeeds) => {
  const { commands, store, journal, queue, clock, log, listBusinesses } = needs
  const { db, loyalty, own, businessById } = commands

  /** False if somebody else was first. */
  const expire = async (overdue: VoucherRow, now: number): Promise<boolean> => {
    const { id, businessId, customerId } = overdue
    const isDone = await db.atomically(
      {
        customer: loyalty.lockedCustomer({ id: customerId }),
        voucher: loyalty.lockedVoucher({ id }),
        business: businessById({ id: businessId }),
      },
      ({ voucher: [voucher], customer: [customer], business: [business] }) => {
        const isOpen = voucher?.state === 'active' || voucher?.state === 'issued'
        if (!voucher || !customer || !business || !isOpen) return { writes: [], result: false }
        // A redemption that was taken back after its last moment has opened it again since.
        const at = Math.max(voucher.expiresAt ?? now, voucher.stateAt)
        const cause: Cause = { business, customer, origin: 'scheduler', locationId: null, at, writtenAt: now }
        const rows = { ...NO_ROWS, vouchers: byId([voucher]) }
        return { writes: writesOf(commands, rows, [voucherExpired(cause, voucher)]), result: true }
      },
    )
    if (isDone) wakeFor(commands, customerId)
    return isDone
  }

  const expireVouchers = async (): Promise<void> => {
    for (;;) {
      const now = clock()
      const overdue = await db.read(store.overdueVouchers({ now, limit: AT_ONCE }))
      const done = await Promise.all(overdue.map((voucher) => expire(voucher, now)))
      // What cannot be ended now is looked at next time, not again and again.
      if (overdue.length < AT_ONCE || !done.includes(true)) return
    }
  }

  /** Writes an event about a customer unless it is in the journal already. */
  const tellOnce = async (
    customerId: string,
    id: string,
    event: (customer: Cause['customer']) => OwnEvent,
  ): Promise<void> => {
    const isNew = await db.atomically(
      { customer: loyalty.lockedCustomer({ id: customerId }), same: journal.entryById({ id }) },
      ({ customer: [customer], same }) => {
        const isDue = customer !== undefined && customer.erasedAt === null && same.length === 0
        return { writes: isDue ? writesOf(commands, NO_ROWS, [event(customer)]) : [], result: isDue }
      },
    )
    if (isNew) wakeFor(commands, customerId)
  }

  const liveDay = async (business: OwnBusiness, day: string): Promise<void> => {
    const { birthdaysOn, momentOf, awayWindow, dayOf, startOfDay } = await import('./calendar.js')
    const { id: businessId, timeZone } = business
    const now = clock()
    const at = momentOf(day, now, timeZone)
    const causeFor = (customer: Cause['customer']): Cause => ({
      business,
      customer,
      origin: 'scheduler',
      locationId: null,
      at,
      writtenAt: now,
    })
    const birthdays = JSON.stringify(birthdaysOn(day))
    const dayFrom = startOfDay(day, timeZone)
    await pages(
      (afterId) => db.read(store.bornOn({ businessId, birthdays, dayFrom, since: at, afterId, limit: AT_ONCE })),
      ({ id }) => tellOnce(id, birthdayIdOf(id, day), (customer) => birthdayReached(causeFor(customer), day)),
    )
    const { inactivityDays: days } = settingsIn(await db.read(own.settingsOf({ businessId })))
    if (days === 0) return
    const window = { ...awayWindow(day, days, timeZone), awayMs: days * DAY_MS }
    await pages(
      (afterId) => db.read(store.leftAlone({ businessId, ...window, afterId, limit: AT_ONCE })),
      ({ id: cardId, customerId, touchedAt: lastSeenAt }) => {
        const lastSeenDay = dayOf(lastSeenAt, timeZone)
        const away = { cardId, lastSeenDay, lastSeenAt, days }
        return tellOnce(customerId, inactivityIdOf(customerId, lastSeenDay), (customer) =>
          inactivityTrigger(causeFor(customer), away),
        )
      },
    )
  }

  const liveDays = async (business: OwnBusiness): Promise<void> => {
    const { dueDays } = await import('./calendar.js')
    const businessId = business.id
    const [last] = await db.read(store.lastDay({ businessId }))
    for (const day of dueDays(last?.day ?? null, clock(), business.timeZone)) {
      await liveDay(business, day)
      await db.write(store.rememberDay({ businessId, day }))
      log.info({ businessId, day }, 'loyalty.day_done')
    }
  }

  const lookAtAll = async (): Promise<void> => {
    await expireVouchers()
    for (const business of await listBusinesses()) {
      const templates = await db.read(commands.templates.cardTemplatesOf({ businessId: business.id }))
      // Elsewhere all cards are 7stamp's, whose own clock tells of them.
      if (templates.length > 0) await liveDays(business)
    }
  }

  return {
    lookAtAll,
    /** Looks whenever `schedule` has asked for it, in one process at a time. */
    start: (): Promise<Worker> => queue.work(TOPIC, { concurrency: 1 }, lookAtAll),
    /** Asks for a look every 5 minutes; again and again, since a queue may be away or forget it. */
    schedule: (): Promise<void> => queue.repeat(TOPIC, ID, EVERY_5_MINUTES, 'UTC'),
  }
}

/** Does something with each row, page after page in the order of ids. */
const pages = async <Row extends { readonly id: string }>(
  page: (afterId: string) => Promise<readonly Row[]>,
  work: (row: Row) => Promise<void>,
): Promise<void> => {
  let afterId = ''
  for (;;) {
    const rows = await page(afterId)
    await Promise.all(rows.map(work))
    if (rows.length < AT_ONCE) return
    afterId = rows.at(-1)?.id ?? afterId
  }
}
