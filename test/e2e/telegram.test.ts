import { describe, expect, test, vi } from 'vitest'
import { scan } from '../pictures/reading.js'
import { cardIssued, goalReached, OLENA, stampAdded, voucherIssued, voucherRedeemed } from './frames.js'
import {
  linkTo,
  openRunningCafe,
  quietMoment,
  rowsOf,
  SOON,
  tell,
  waitForMessages,
  waitUntilSettled,
} from './open-cafe.js'

const tokenIn = (link: string) => new URL(link).searchParams.get('start')

describe('on Telegram, from 7stamp’s webhook to the customer’s chat', () => {
  test('a customer linked by a one-time link hears of a visit, and the team of the goal', async () => {
    const cafe = await openRunningCafe()
    const { program, telegram } = cafe
    await tell(program, cardIssued(OLENA))
    const olena = telegram.user(501, { language_code: 'en' })
    const team = telegram.group(-601, 'Podil team')

    team.says({ id: 77 }, `/start@${telegram.username} ${tokenIn(program.staffLink)}`)
    const [staffLinked] = await waitForMessages(team.sees, 1)
    expect(staffLinked?.text).toContain('Done! Alerts of Demo Coffee come to this chat')

    olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
    const [linked, question] = await waitForMessages(olena.sees, 2)
    expect(linked?.text).toContain('Олена Коваль, готово! Тепер цей чат показує вашу картку в «Demo Coffee».')
    expect(linked?.text).toContain('Штампи: 0 із 8')
    expect(linked?.photo).not.toBeNull()
    expect(question?.text).toContain('Чи може «Demo Coffee» надсилати вам також новини')

    await tell(program, stampAdded(OLENA, 1), goalReached(OLENA), voucherIssued(OLENA, 'v_1'))
    const [voucher] = await waitForMessages(olena.sees, 1, 2)
    expect(voucher?.text).toContain('🎁 Ваучер від «Demo Coffee»: Free coffee')
    expect(voucher?.text).toContain('Ви досягли цілі')
    expect(voucher?.text).toContain('Штампи: 3 із 8 (+1)')
    expect(voucher?.silent).toBe(false)
    expect(voucher?.photo && (await scan(voucher.photo.bytes))).toEqual(['Code128 FREECOFFEE', 'QRCode FREECOFFEE'])
    expect(voucher?.buttons.flat().map(({ text }) => text)).toEqual(['Скопіювати код', 'Мої ваучери'])

    const alerts = await waitForMessages(team.sees, 1, 1)
    expect(alerts.map(({ text }) => text)).toEqual(['⭐ Олена К. reached 3/8: Free coffee'])

    await tell(program, voucherRedeemed(OLENA, 'v_1'))
    const [receipt] = await waitForMessages(olena.sees, 1, 3)
    expect(receipt?.text).toBe('Використано в «Demo Coffee»: Free coffee. Дякуємо!')
    expect(receipt?.buttons.flat().map(({ text }) => text)).toEqual(['Це не ви?'])
    const shown = olena.sees().find(({ messageId }) => messageId === voucher?.messageId)
    expect(shown?.text).toMatch(/^✅ Використано .+: Free coffee, «Demo Coffee»/)
    expect(shown?.earlier).toHaveLength(1)
    expect(shown?.photo && (await scan(shown.photo.bytes))).toEqual([])
    expect(olena.sees()).toHaveLength(4)
  })

  test('a one-time link opens the card once', async () => {
    const cafe = await openRunningCafe()
    await tell(cafe.program, cardIssued(OLENA))
    const token = await linkTo(cafe, OLENA.id)
    const [first, second] = [cafe.telegram.user(501, { language_code: 'en' }), cafe.telegram.user(502)]
    first.says(`/start ${token}`)
    await waitForMessages(first.sees, 2)
    second.says(`/start ${token}`)
    const [refused] = await waitForMessages(second.sees, 1)
    expect(refused?.text).toContain('This link does not work any more.')
    expect(refused?.text).not.toContain('Олена')
    expect(refused?.photo).toBeNull()
  })

  test('a customer linked by their own phone number is told the same; somebody else’s number opens nothing', async () => {
    const cafe = await openRunningCafe()
    const { program, telegram } = cafe
    await tell(program, cardIssued(OLENA))
    await waitUntilSettled(cafe)
    const [olena, stranger] = [telegram.user(501, { language_code: 'uk' }), telegram.user(666, { language_code: 'en' })]

    stranger.sharesContact('+380501112233', 'someone else’s')
    const [refused] = await waitForMessages(stranger.sees, 1)
    expect(refused?.text).toContain('We can only accept your own number')
    expect(refused?.photo).toBeNull()

    olena.says('/start')
    const [welcome] = await waitForMessages(olena.sees, 1)
    expect(welcome?.keyboard?.keyboard.flat()).toContainEqual({
      text: 'Поділитися своїм номером',
      request_contact: true,
    })
    olena.sharesContact('380501112233', 'own')
    const [linked] = await waitForMessages(olena.sees, 1, 1)
    expect(linked?.text).toContain('Олена Коваль, готово!')

    await tell(program, stampAdded(OLENA, 1))
    const [stamp] = await waitForMessages(olena.sees, 1, 3)
    expect(stamp?.text).toContain('+1 штамп у «Demo Coffee»!')
    expect(stranger.sees()).toHaveLength(1)
  })

  test('a customer who blocks the bot is not written to, and hears of what comes after they are back', async () => {
    const cafe = await openRunningCafe()
    const { program, telegram } = cafe
    await tell(program, cardIssued(OLENA))
    const olena = telegram.user(501)
    olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
    await waitForMessages(olena.sees, 2)

    const callsToHer = () => telegram.calls.filter(({ params }) => params.chat_id === 501)
    const untilUnreachable = (reason: string | null) =>
      vi.waitFor(() => expect(rowsOf(cafe, 'select unreachable from chats')).toEqual([{ unreachable: reason }]), SOON)
    olena.blocks()
    await untilUnreachable('blocked')
    const before = callsToHer().length
    await tell(program, stampAdded(OLENA, 1))
    await waitUntilSettled(cafe)
    await quietMoment()
    expect(callsToHer()).toHaveLength(before)

    olena.unblocks()
    await untilUnreachable(null)
    await tell(program, stampAdded(OLENA, 2))
    const news = await waitForMessages(olena.sees, 1, 2)
    expect(news.map(({ text }) => text)).toEqual([expect.stringContaining('Штампи: 2 із 8')])
  })

  test('who turns out to be blocked when a message is sent is not tried again', async () => {
    const cafe = await openRunningCafe()
    const { program, telegram } = cafe
    await tell(program, cardIssued(OLENA))
    const olena = telegram.user(501)
    olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
    await waitForMessages(olena.sees, 2)
    olena.leavesTelegram()
    const sends = () => telegram.calls.filter(({ method }) => method === 'sendPhoto' || method === 'sendMessage').length
    const before = sends()
    await tell(program, stampAdded(OLENA, 1))
    await vi.waitFor(() => expect(sends()).toBe(before + 1), SOON)
    await quietMoment()
    await tell(program, stampAdded(OLENA, 2), goalReached(OLENA))
    await quietMoment()
    expect(sends()).toBe(before + 1)
  })
})
