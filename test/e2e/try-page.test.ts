import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { scan } from '../pictures/reading.js'
import { describeInBrowser, openBrowser, type TestBrowser } from '../support/browser.js'
import { ledgerOf, openRunningCafe, quietMoment, type RunningCafe, rowsOf, SOON } from './open-cafe.js'

const SIZES: readonly (readonly [string, BrowserContextOptions])[] = [
  ['a desk', { viewport: { width: 1280, height: 800 } }],
  ['a phone', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }],
]

describeInBrowser('the whole program in a browser', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  test.each(SIZES)(
    'a newcomer at %s links the chat, fires webhooks, and sees the voucher arrive',
    async (_name, screen) => {
      const cafe = await openDemo()
      const { page, complaints } = await browser.open(`${cafe.program.url}/try`, screen)
      await said(page, 'Hello! Demo Coffee here.').waitFor()

      await onPanel(page, async () => {
        await page.getByLabel('Customer').selectOption('demo_olena')
        await page.getByText('No chat is linked to this customer').waitFor()
        await page.getByRole('button', { name: 'Link this chat to Олена Коваль' }).click()
      })
      await said(page, 'Олена Коваль, готово!').waitFor()
      await said(page, 'Чи може «Demo Coffee» надсилати вам').waitFor()

      await sendWebhook(page, 'voucher_issued')
      const voucher = said(page, '🎁 Ваучер від «Demo Coffee»: Free cookie')
      await voucher.waitFor()
      expect(await codesOn(voucher)).toEqual(['Code128 COOKIE', 'QRCode COOKIE'])
      await expectInView(voucher, page)

      await sendWebhook(page, 'voucher_redeemed')
      await said(page, 'Використано в «Demo Coffee»: Free cookie. Дякуємо!').waitFor()
      const redeemed = said(page, /✅ Використано .+: Free cookie/)
      await redeemed.waitFor()
      expect(await voucher.count()).toBe(0)
      expect(await codesOn(redeemed)).toEqual([])

      await page.getByLabel('Message', { exact: true }).fill('СТОП')
      await page.keyboard.press('Enter')
      await said(page, 'Ви більше не отримуватимете повідомлень').waitFor()
      const count = await bubbles(page).count()
      await sendWebhook(page, 'stamp_added')
      await vi.waitFor(() => expect(ledgerOf(cafe)).toMatchObject({ 'skipped(stopped)': 1 }), SOON)
      await quietMoment()
      expect(await bubbles(page).count()).toBe(count)
      await onPanel(page, () => page.getByText('This customer has said STOP').waitFor())

      await page.reload()
      await said(page, 'Ви більше не отримуватимете повідомлень').waitFor()
      expect(await bubbles(page).count()).toBe(count)
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )
})

/** With the demo's three people in place. */
const openDemo = async (): Promise<RunningCafe> => {
  const cafe = await openRunningCafe({ env: { DEMO: '1' } })
  await vi.waitFor(() => expect(rowsOf(cafe, 'select id from cards')).toHaveLength(3), SOON)
  return cafe
}

/** What the bot said, as it stands in the chat. */
const bubbles = (page: Page): Locator => page.getByRole('log').locator('.message.bot')
const said = (page: Page, words: string | RegExp): Locator => bubbles(page).filter({ hasText: words })

/** Does something on the panel, which on a phone covers the chat. */
const onPanel = async (page: Page, act: () => Promise<void>): Promise<void> => {
  const panel = page.getByRole('complementary', { name: 'Demo' })
  const toggle = page.getByRole('button', { name: 'Demo', exact: true })
  await toggle.waitFor()
  const wasOpen = await panel.isVisible()
  if (!wasOpen) await toggle.click()
  await act()
  if (!wasOpen) await toggle.click()
}

const sendWebhook = (page: Page, event: string): Promise<void> =>
  onPanel(page, async () => {
    await page.getByLabel('What happened').selectOption(event)
    await page.getByRole('button', { name: 'Send webhook' }).click()
    await page.getByText('202 Accepted').waitFor()
  })

/** What a scanner reads off the picture in a bubble, once it has loaded. */
const codesOn = async (bubble: Locator): Promise<string[]> => {
  const picture = bubble.locator('img')
  await vi.waitFor(
    async () => expect(await picture.evaluate((img: { naturalWidth: number }) => img.naturalWidth)).toBeGreaterThan(0),
    SOON,
  )
  const address = await picture.evaluate((img: { currentSrc: string }) => img.currentSrc)
  const png = await fetch(address)
  expect(png.headers.get('content-type')).toBe('image/png')
  return scan(Buffer.from(await png.arrayBuffer()))
}

/** The newest message stands where it can be read, and not beside the screen. */
const expectInView = async (bubble: Locator, page: Page): Promise<void> => {
  await vi.waitFor(async () => {
    const box = await bubble.boundingBox()
    const screen = page.viewportSize()
    expect(box && screen && box.x >= 0 && box.x + box.width <= screen.width).toBe(true)
    expect(box && screen && box.y + box.height <= screen.height).toBe(true)
  }, SOON)
}
