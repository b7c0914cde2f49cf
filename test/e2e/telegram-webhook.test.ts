import { describe, expect, test, vi } from 'vitest'
import { freePort } from '../support/server-process.js'
import { cardIssued, OLENA, stampAdded } from './frames.js'
import { linkTo, openCafe, quietMoment, SOON, tell, waitForMessages } from './open-cafe.js'

describe('Telegram’s webhook', () => {
  test('is registered by the program and brings the chat; nobody else’s request is taken', async () => {
    const port = await freePort()
    const publicUrl = `http://127.0.0.1:${port}`
    const cafe = await openCafe({ env: { PORT: String(port), PUBLIC_URL: publicUrl, TELEGRAM_MODE: 'webhook' } })
    const { telegram, installation } = cafe
    const program = await installation.start()
    const registered = await vi.waitFor(() => {
      const call = telegram.calls.find(({ method }) => method === 'setWebhook')
      expect(call).toBeDefined()
      return call
    }, SOON)
    const address = String(registered?.params.url)
    const secret = String(registered?.params.secret_token)
    expect(address).toMatch(`${publicUrl}/webhooks/telegram/`)
    expect(address).not.toContain(telegram.token)

    await tell(program, cardIssued(OLENA))
    const olena = telegram.user(501)
    olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
    const [linked] = await waitForMessages(olena.sees, 2)
    expect(linked?.text).toContain('Олена Коваль, готово!')
    await tell(program, stampAdded(OLENA, 1))
    await waitForMessages(olena.sees, 1, 2)
    expect(telegram.isPolled()).toBe(false)

    const forged = JSON.stringify({
      update_id: 9_000,
      message: { message_id: 1, date: 1, chat: { id: 501, type: 'private' }, from: { id: 501 }, text: '/card' },
    })
    const deliver = async (url: string, given: string) => {
      const headers = { 'content-type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': given }
      return (await fetch(url, { method: 'POST', headers, body: forged })).status
    }
    expect(await deliver(address, 'wrong')).toBe(401)
    expect(await deliver(address, '')).toBe(401)
    expect(await deliver(`${address}x`, secret)).toBe(401)
    await quietMoment()
    expect(olena.sees()).toHaveLength(3)

    expect(await deliver(address, secret)).toBe(200)
    expect(await deliver(address, secret)).toBe(200)
    await waitForMessages(olena.sees, 1, 3)
    await quietMoment()
    expect(olena.sees()).toHaveLength(4)
  })
})
