import { Router } from 'express'
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { DemoHearing } from '../../src/demo/demo-data.js'
import { demoRoutes } from '../../src/demo/demo-routes.js'
import { readJsonBody } from '../../src/http/raw-body.js'
import { axeFindings, describeInBrowser } from '../support/browser.js'
import { conversation, PageSetting, PHONE } from '../web/page-setting.js'

const WEBHOOK = '/webhooks/7stamp/a-webhook-token'
const DESKTOP = { viewport: { width: 1280, height: 800 } }

describeInBrowser('the demo’s panel', () => {
  const setting = PageSetting.use()
  /** What came in at the webhook, byte by byte. */
  const received: string[] = []
  let stamps = 2
  let hearing: DemoHearing = 'all'
  let removed = 0

  const routes = (): Router => {
    const router = Router()
    router.post(WEBHOOK, async (req, res) => {
      const body = (await readJsonBody(req)).toString()
      received.push(body)
      if (!body.startsWith('{')) return void res.status(400).json({ code: 'invalid_json' })
      stamps++
      res.status(202).json({ status: 'accepted', id: 'evt_7' })
      await setting.tell(`now ${stamps} stamps`)
    })
    return router.use(
      demoRoutes({
        clock: Date.now,
        webhookUrl: `https://bot.example${WEBHOOK}`,
        loopbackUrl: () => setting.chat.url + WEBHOOK,
        readState: async () => ({ stamps, openVouchers: [], hearing }),
        createLink: async (customer) => `link-of-${customer}`,
        removeDemo: async () => void removed++,
      }),
    )
  }

  beforeEach(async () => {
    received.length = 0
    stamps = 2
    hearing = 'all'
    removed = 0
    await setting.serve({ routes: routes(), face: { isDemo: true } })
  })

  const panel = (page: Page) => page.getByRole('complementary', { name: 'Demo' })
  const request = (page: Page) => page.getByLabel(`POST ${WEBHOOK}`)
  const send = (page: Page) => page.getByRole('button', { name: 'Send webhook' }).click()
  const ready = (page: Page) => vi.waitFor(async () => expect(await request(page).inputValue()).toContain('"event"'))

  test('sends the request that it shows, and shows the answer while the chat receives the message', async () => {
    const page = await setting.greeted(DESKTOP)
    await ready(page)
    await send(page)
    await page.getByText('202 Accepted').waitFor()
    await page.getByText('now 3 stamps').waitFor()
    expect(received).toEqual([await request(page).inputValue()])
    expect(await panel(page).getByRole('region', { name: 'answer' }).textContent()).toContain('"id": "evt_7"')
  })

  test('sends another event with each press', async () => {
    const page = await setting.greeted(DESKTOP)
    await ready(page)
    await send(page)
    await page.getByText('now 3 stamps').waitFor()
    await send(page)
    await page.getByText('now 4 stamps').waitFor()
    expect(received.map((body) => JSON.parse(body).card.stamps)).toEqual([3, 4])
  })

  test('sends what was written by hand as it is, valid or not, until that is taken back', async () => {
    const page = await setting.greeted(DESKTOP)
    await ready(page)
    await request(page).fill('not JSON')
    await send(page)
    await page.getByText('400 Bad Request').waitFor()
    expect(received).toEqual(['not JSON'])
    await page.getByRole('button', { name: 'Undo changes' }).click()
    await ready(page)
    await send(page)
    await page.getByText('202 Accepted').waitFor()
  })

  test('chooses who and what, and gives the line that does the same from a shell', async () => {
    const page = await setting.greeted({ ...DESKTOP, permissions: ['clipboard-read', 'clipboard-write'] })
    await ready(page)
    await page.getByLabel('Customer').selectOption({ label: 'Emma Wilson (en)' })
    await page.getByLabel('What happened').selectOption({ label: 'Voucher redeemed' })
    await page.getByText('This customer has no open voucher').waitFor()
    const body = await request(page).inputValue()
    expect(JSON.parse(body)).toMatchObject({ event: 'voucher_redeemed', customer: { id: 'demo_emma' } })
    await request(page).fill(`{"note": "it's"}`)
    await page.getByText('The same from a shell').click()
    await panel(page).getByRole('button', { name: 'Copy' }).click()
    await panel(page).getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `curl -i 'https://bot.example${WEBHOOK}' -H 'Content-Type: application/json' -d '{"note": "it'\\''s"}'`,
    )
  })

  test('links the chat by a one-time link', async () => {
    const page = await setting.greeted(DESKTOP)
    await page.getByLabel('Customer').selectOption({ label: 'Олена Коваль (uk)' })
    await page.getByRole('button', { name: 'Link this chat to Олена Коваль' }).click()
    await page.getByText('Linked by link-of-demo_olena').waitFor()
    expect(await conversation(page)).toEqual(['Welcome to Demo Coffee!', 'Linked by link-of-demo_olena'])
  })

  test.each([
    ['en-GB', 'Emma Wilson'],
    ['uk-UA', 'Олена Коваль'],
    ['ko', '김민준'],
    ['sv-SE', 'Олена Коваль'],
  ])('offers a browser in %s first a customer who speaks that language, or any: %s', async (locale, name) => {
    const page = await setting.open('/try', { ...DESKTOP, locale })
    await page.getByRole('button', { name: `Link this chat to ${name}` }).waitFor()
  })

  test('says why the chat stays silent, before and after the webhook is sent', async () => {
    hearing = 'no_chat'
    const page = await setting.greeted(DESKTOP)
    const status = panel(page).getByRole('status')
    await status.filter({ hasText: /^No chat is linked to this customer/ }).waitFor()
    await send(page)
    await status.filter({ hasText: /^202 Accepted in \d+ ms\. No chat is linked to this customer/ }).waitFor()
    hearing = 'all'
    await send(page)
    await status.filter({ hasText: /^202 Accepted in \d+ ms\.$/ }).waitFor()
  })

  test('removes the demo’s people only when asked twice', async () => {
    const page = await setting.greeted(DESKTOP)
    await page.getByRole('button', { name: 'Remove demo people' }).click()
    expect(removed).toBe(0)
    await page.getByRole('button', { name: 'Press again to remove them' }).click()
    await page.getByRole('button', { name: 'Demo people removed' }).waitFor()
    expect(removed).toBe(1)
  })

  test('is a sheet on a phone, under the chat that stays in view', async () => {
    const page = await setting.greeted(PHONE)
    expect(await panel(page).isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Demo' }).click()
    await panel(page).waitFor()
    await ready(page)
    await send(page)
    await page.getByText('now 3 stamps').waitFor()
    expect(await page.getByText('now 3 stamps').isVisible()).toBe(true)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'hidden' })
  })

  test('is not there where the server is no demo', async () => {
    await setting.serve({ routes: routes() })
    const page = await setting.greeted(DESKTOP)
    expect(await panel(page).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Demo' }).count()).toBe(0)
  })

  describe.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
  ])('axe on %s', (device, options) => {
    test.each(['light', 'dark'] as const)('finds nothing in %s colours', async (colorScheme) => {
      const page = await setting.greeted({ ...options, colorScheme })
      if (device === 'a phone') await page.getByRole('button', { name: 'Demo' }).click()
      await ready(page)
      await page.getByText('The same from a shell').click()
      await send(page)
      await page.getByText('202 Accepted').waitFor()
      expect(await axeFindings(page)).toEqual([])
      await request(page).fill('not JSON')
      await send(page)
      await page.getByText('400 Bad Request').waitFor()
      expect(await axeFindings(page)).toEqual([])
    })
  })
})
