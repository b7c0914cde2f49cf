import { describe, expect, test } from 'vitest'
import { frameBytes } from '../events/frames.js'
import { cardIssued, OLENA, stampAdded, voucherIssued, voucherRedeemed } from './frames.js'
import {
  type Cafe,
  ledgerOf,
  linkTo,
  openRunningCafe,
  post,
  quietMoment,
  rowsOf,
  tell,
  waitForMessages,
  waitUntilSettled,
} from './open-cafe.js'

/** What the mirror and the journal hold of it, without what only tells when and how it came. */
const mirrorOf = (cafe: Cafe) => ({
  customers: rowsOf(cafe, 'select * from customers'),
  cards: rowsOf(cafe, 'select * from cards'),
  vouchers: rowsOf(cafe, 'select * from vouchers'),
  deliveries: rowsOf(cafe, 'select * from deliveries'),
})

const SAMPLES = { English: 'voucher_redeemed', Korean: 'voucher_redeemed.ko' }

/** The published sample as it would be sent now. */
const sentNow = (name: string, now: string) => frameBytes(name).toString().replace('2026-05-11T12:34:56Z', now)

describe('7stamp’s published sample', () => {
  test.each([
    ['English', 'Korean'],
    ['Korean', 'English'],
  ] as const)('in %s and then in %s is one event: the second changes and tells nothing', async (one, other) => {
    const cafe = await openRunningCafe()
    const { program, telegram } = cafe
    const guest = { ...OLENA, id: 'c_789', language: 'en' }
    await tell(program, { ...cardIssued(guest), business_id: 'b_123', location_id: 'loc_45' })
    const olena = telegram.user(501)
    olena.says(`/start ${await linkTo(cafe, guest.id)}`)
    await waitForMessages(olena.sees, 2)

    const now = `${new Date().toISOString().slice(0, 19)}Z`
    expect(await post(program, sentNow(SAMPLES[one], now))).toMatchObject({
      status: 202,
      body: { status: 'accepted' },
    })
    const [receipt] = await waitForMessages(olena.sees, 1, 2)
    expect(receipt?.text).toContain('Redeemed at Demo Coffee')
    await waitUntilSettled(cafe)
    const before = mirrorOf(cafe)

    expect(await post(program, sentNow(SAMPLES[other], now))).toMatchObject({
      status: 202,
      body: { status: 'accepted' },
    })
    await waitUntilSettled(cafe)
    await quietMoment()
    expect(mirrorOf(cafe)).toEqual(before)
    expect(olena.sees()).toHaveLength(3)
    const journal = rowsOf(
      cafe,
      "select state, reason, customer_id, occurred_at from events where name = 'voucher_redeemed'",
    )
    const [first] = journal
    expect(journal).toEqual([
      { ...first, state: 'applied' },
      { ...first, state: 'ignored', reason: 'said_before' },
    ])
  })

  test('is accepted as it is printed, byte for byte, in both languages', async () => {
    const cafe = await openRunningCafe()
    for (const name of ['voucher_redeemed', 'voucher_redeemed.ko'])
      expect(await post(cafe.program, frameBytes(name))).toMatchObject({ status: 202 })
    await waitUntilSettled(cafe)
    expect(rowsOf(cafe, 'select state from events order by seq')).toEqual([{ state: 'applied' }, { state: 'ignored' }])
    expect(rowsOf(cafe, 'select external_id, state from vouchers')).toEqual([
      { external_id: 'v_555', state: 'redeemed' },
    ])
  })
})

describe('a webhook', () => {
  /** Olena in her chat, with a card of yesterday and nothing more to come. */
  const withOlena = async () => {
    const cafe = await openRunningCafe()
    await tell(cafe.program, cardIssued(OLENA, new Date(Date.now() - 86_400_000)))
    const olena = cafe.telegram.user(501)
    olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
    await waitForMessages(olena.sees, 2)
    return { cafe, program: cafe.program, olena }
  }

  test('that comes 100 times at once is one message', async () => {
    const { cafe, program, olena } = await withOlena()
    const body = JSON.stringify(stampAdded(OLENA, 1))
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(program, body)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    expect(statuses.filter((status) => status === 200)).toHaveLength(99)
    expect(new Set(answers.map(({ body: answer }) => Object(answer).id)).size).toBe(1)
    await waitForMessages(olena.sees, 1, 2)
    await waitUntilSettled(cafe)
    await quietMoment()
    expect(olena.sees()).toHaveLength(3)
    expect(rowsOf(cafe, "select count(*) as count from events where name = 'stamp_added'")).toEqual([{ count: 1 }])
  })

  test('about a voucher’s issue that comes after its redemption revives nothing and tells nothing', async () => {
    const { cafe, program, olena } = await withOlena()
    const now = Date.now()
    await tell(program, voucherRedeemed(OLENA, 'v_1', new Date(now)))
    await waitUntilSettled(cafe)
    const told = olena.sees().length
    await tell(program, voucherIssued(OLENA, 'v_1', new Date(now - 60_000)))
    await waitUntilSettled(cafe)
    await quietMoment()
    expect(olena.sees()).toHaveLength(told)
    expect(rowsOf(cafe, 'select state, title, redeem_code from vouchers')).toEqual([
      { state: 'redeemed', title: 'Free coffee', redeem_code: 'FREECOFFEE' },
    ])
    olena.says('/vouchers')
    const [list] = await waitForMessages(olena.sees, 1, told)
    expect(list?.text).toContain('Free coffee: використано')
  })

  test('that is older than six hours changes the card and tells nobody', async () => {
    const { cafe, program, olena } = await withOlena()
    await tell(program, stampAdded(OLENA, 5, new Date(Date.now() - 6 * 3_600_000 - 60_000)))
    await waitUntilSettled(cafe)
    await quietMoment()
    expect(olena.sees()).toHaveLength(2)
    expect(ledgerOf(cafe)).toEqual({ sent: 2, 'skipped(stale)': 1 })
    olena.says('/card')
    const [shown] = await waitForMessages(olena.sees, 1, 2)
    expect(shown?.text).toContain('Штампи: 5 із 8')
  })

  test('that is no event of ours is answered with the reason, and by nobody else’s address', async () => {
    const { program } = await openRunningCafe()
    const unknownName = JSON.stringify({ ...stampAdded(OLENA, 1), event: 'card_waved_at' })
    const answers = [
      ['{"event":', 400],
      ['{"event":"stamp_added"}', 422],
      [unknownName, 202],
      [`{"event":"${'x'.repeat(257 * 1024)}"}`, 413],
    ] as const
    for (const [body, status] of answers) expect(await post(program, body)).toMatchObject({ status })
    const elsewhere = { ...program, webhookUrl: `${program.webhookUrl.slice(0, -1)}_` }
    expect(await post(elsewhere, unknownName)).toMatchObject({ status: 401 })
  })
})
