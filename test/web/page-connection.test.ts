import { expect, test, vi } from 'vitest'
import { describeInBrowser } from '../support/browser.js'
import { conversation, PageSetting, say } from './page-setting.js'

describeInBrowser('the page when things break', () => {
  const setting = PageSetting.use()

  test('says that it is offline, comes back by itself, and nothing is missing or there twice', async () => {
    const page = await setting.greeted()
    const { port, messenger } = setting.chat
    const address = setting.address
    expect(messenger.name).toBe('web')
    await setting.stop()
    await page.getByText('No connection. Trying again…').waitFor()
    await say(page, 'said while offline')
    await page.getByText('Not sent').waitFor()
    await setting.serve({ port })
    const message = { id: 'told-offline', text: 'told while offline' }
    await setting.chat.messenger.send(address, message, AbortSignal.timeout(5_000))
    await page.getByText('You said: said while offline').waitFor()
    await page.getByText('told while offline').waitFor()
    expect((await conversation(page)).sort()).toEqual([
      'Welcome to Demo Coffee!',
      'You said: said while offline',
      'said while offline',
      'told while offline',
    ])
    expect(await page.getByText('No connection').count()).toBe(0)
    expect(await page.getByText('Not sent').count()).toBe(0)
  })

  test('sends after a reload what was not sent before', async () => {
    const page = await setting.greeted()
    setting.chat.failUpdates = new Error('the disk is full')
    await say(page, 'do not lose me')
    await page.getByText('Not sent').waitFor()
    await page.reload()
    await page.locator('.message.own').waitFor()
    setting.chat.failUpdates = null
    await page.getByText('You said: do not lose me').waitFor()
    expect((await conversation(page)).filter((text) => text === 'do not lose me')).toHaveLength(1)
    expect(setting.chat.updates).toHaveLength(2)
  })

  test('tries a message that was refused again when it is asked to, and not before', async () => {
    const page = await setting.greeted()
    const refusal = { status: 422, contentType: 'application/problem+json', body: '{}' }
    await page.route('**/try/messages', (route) => route.fulfill(refusal), { times: 1 })
    await say(page, 'again')
    const retry = page.getByRole('button', { name: 'Try again' })
    await retry.waitFor()
    await say(page, 'meanwhile')
    await page.getByText('You said: meanwhile').waitFor()
    expect(setting.chat.updates).toHaveLength(2)
    await retry.click()
    await page.getByText('You said: again').waitFor()
    expect(await page.locator('.message.own').first().getAttribute('data-state')).toBe('sent')
  })

  test('keeps what was said in the order in which it was said', async () => {
    const page = await setting.greeted()
    setting.chat.failUpdates = new Error('the disk is full')
    for (const text of ['one', 'two', 'three']) await say(page, text)
    await page.getByText('Not sent').first().waitFor()
    setting.chat.failUpdates = null
    await page.getByText('You said: three').waitFor()
    const said = setting.chat.updates.map(({ body }) => Reflect.get(Object(Reflect.get(Object(body), 'input')), 'text'))
    expect(said.slice(1)).toEqual(['one', 'two', 'three'])
  })

  test('begins a new chat where the server has forgotten the visitor', async () => {
    const page = await setting.greeted()
    const { port } = setting.chat
    await say(page, 'of the old days')
    await page.getByText('You said: of the old days').waitFor()
    await setting.stop()
    setting.forget()
    await setting.serve({ port })
    await vi.waitFor(() => expect(setting.chat.updates).toHaveLength(1), { timeout: 15_000 })
    await vi.waitFor(async () => expect(await conversation(page)).toEqual(['Welcome to Demo Coffee!']))
  })

  test('works where the visitor allows no storage', async () => {
    const page = await setting.open('/try/assets/none.js')
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'localStorage', {
        get: () => {
          throw new Error('denied')
        },
      })
    })
    await page.goto(`${setting.chat.url}/try`)
    await page.getByText('Welcome to Demo Coffee!').waitFor()
    await say(page, 'hello')
    await page.getByText('You said: hello').waitFor()
  })
})
