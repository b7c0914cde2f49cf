import { randomUUID } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import type { WebProgram } from '../support/program.js'
import { cardIssued, OLENA, stampAdded, voucherIssued } from './frames.js'
import {
  ledgerOf,
  linkTo,
  openRunningCafe,
  quietMoment,
  rowsOf,
  SOON,
  tell,
  waitForMessages,
  waitUntilSettled,
} from './open-cafe.js'

describe('STOP', () => {
  test('beats what is already queued; the card still answers, and START turns messages on again', async () => {
    const cafe = await openRunningCafe({ env: { TELEGRAM_MESSAGES_PER_SEC: '1' } })
    const { program, telegram } = cafe
    await tell(program, cardIssued(OLENA))
    const olena = telegram.user(501)
    olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
    await waitForMessages(olena.sees, 2)

    // Each voucher has a message of its own; the stamps are told with the first.
    const vouchers = [1, 2, 3, 4, 5, 6]
    await tell(program, stampAdded(OLENA, 6), ...vouchers.map((each) => voucherIssued(OLENA, `v_${each}`)))
    await waitForMessages(olena.sees, 1, 2)
    olena.says('СТОП')
    await vi.waitFor(() => expect(olena.sees().at(-1)?.text).toContain('Ви більше не отримуватимете'), SOON)
    const heard = olena.sees().length
    await waitUntilSettled(cafe)
    await quietMoment()
    expect(olena.sees()).toHaveLength(heard)
    // The card, the question about news, and the answer to STOP are no vouchers.
    const stopped = vouchers.length - (heard - 3)
    expect(ledgerOf(cafe)).toEqual({ sent: heard, 'skipped(merged)': 1, 'skipped(stopped)': stopped })

    olena.says('/card')
    const [card] = await waitForMessages(olena.sees, 1, heard)
    expect(card?.text).toContain('Штампи: 6 із 8')
    expect(card?.photo).not.toBeNull()

    olena.says('/start')
    const [resumed] = await waitForMessages(olena.sees, 1, heard + 1)
    expect(resumed?.text).toContain('знову ввімкнено')
    await tell(program, stampAdded(OLENA, 7))
    const [stamp] = await waitForMessages(olena.sees, 1, heard + 2)
    expect(stamp?.text).toContain('Штампи: 7 із 8')
    await quietMoment()
    expect(olena.sees()).toHaveLength(heard + 3)
  })

  test('said in the web chat, silences Telegram in the middle of a stream, within a second of its commit', async () => {
    const cafe = await openRunningCafe()
    const { program, telegram } = cafe
    await tell(program, cardIssued(OLENA))
    const web = await openWebChat(program)
    await web.does({ kind: 'start', payload: await linkTo(cafe, OLENA.id) })
    await waitUntilSettled(cafe)
    // Telegram is used last: the news go there.
    const olena = telegram.user(501)
    olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
    await waitForMessages(olena.sees, 2)
    const before = olena.sees().length

    const vouchers = Array.from({ length: 12 }, (_, index) => voucherIssued(OLENA, `v_${index}`))
    await tell(program, ...vouchers)
    await waitForMessages(olena.sees, 2, before)
    await web.does({ kind: 'text', text: 'STOP' })
    await waitUntilSettled(cafe)
    await quietMoment()

    const [stop] = rowsOf<{ changed_at: number }>(cafe, "select changed_at from consents where state = 'refused'")
    const heard = olena.sees().slice(before)
    expect(heard.length).toBeLessThan(vouchers.length / 2)
    expect(Math.max(...heard.map(({ at }) => at))).toBeLessThan((stop?.changed_at ?? 0) + 1_000)
    expect(ledgerOf(cafe)).toMatchObject({ 'skipped(stopped)': vouchers.length - heard.length })
  })
})

/** A visitor of the web chat, through its HTTP. */
const openWebChat = async ({ url }: WebProgram) => {
  const post = async (path: string, body: object, token = ''): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(answer.ok, await answer.clone().text()).toBe(true)
    return answer.json()
  }
  const { token } = (await post('/try/visitors', {})) as { readonly token: string }
  return {
    does: (input: object) => post('/try/messages', { id: randomUUID(), input, language: 'en' }, token),
  }
}
