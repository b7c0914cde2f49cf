import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { UNAUTHORIZED } from '../doubles/telegram-faults.js'
import { scan } from '../pictures/reading.js'
import { axeFindings, describeInBrowser, openBrowser, type TestBrowser } from '../support/browser.js'
import { cardIssued, OLENA } from './frames.js'
import { openRunningCafe, post, type RunningCafe, rowsOf, SOON, tell, waitForMessages } from './open-cafe.js'

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } }
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }

describeInBrowser('the setup page', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  /** The page as the printed link opens it, with all sections there. */
  const openSetup = async ({ program }: RunningCafe, screen = DESK): Promise<Page> => {
    const { page } = await browser.open(program.setupLink, screen)
    await card(page, 'A test voucher').waitFor()
    return page
  }

  test('leads from the printed link to a voucher in the owner’s Telegram', async () => {
    const cafe = await openRunningCafe()
    const { program, telegram } = cafe
    const page = await openSetup(cafe)
    expect(page.url()).toBe(`${program.url}/`)

    const messengers = card(page, 'Messengers')
    await messengers.getByText(`@${telegram.username} fetches updates itself (polling). Ready.`).waitFor()
    await messengers.getByText('Done').waitFor()
    await messengers.getByText('To show it on your own site too, set WEB_ALLOWED_ORIGINS').waitFor()
    expect(await page.getByLabel('Webhook address').inputValue()).toBe(program.webhookUrl)
    await card(page, '7stamp’s webhook').getByText('PUBLIC_URL is not set. 7stamp delivers to HTTPS only').waitFor()

    const test = card(page, 'A test voucher')
    await test.getByRole('button', { name: 'Send me a test voucher' }).click()
    await test.getByText('Link a staff chat first.').waitFor()

    const staff = card(page, 'Your staff chat')
    await staff.getByText('No chat is linked yet.').waitFor()
    await staff.getByRole('button', { name: 'Make a link' }).click()
    const address = await staff.getByRole('link', { name: 'Open in Telegram' }).getAttribute('href')
    const code = await staff.getByAltText('Scan it to open Telegram on your phone').screenshot()
    expect(await scan(code)).toEqual([`QRCode ${address}`])
    await staff.getByText('works on this machine only').waitFor()

    const owner = telegram.user(900, { language_code: 'de' })
    owner.says(`/start ${new URL(String(address)).searchParams.get('start')}`)
    await staff.getByText('1 chat is linked.').waitFor()
    await test.getByRole('button', { name: 'Send me a test voucher' }).click()
    await test.getByText('It was sent. Look into the chat.').waitFor()
    const [voucher] = await waitForMessages(owner.sees, 1, 1)
    expect(voucher?.text).toContain('Ein Test von Demo Coffee')
    expect(await scan(voucher?.photo?.bytes ?? Buffer.alloc(0))).toEqual(['Code128 TEST', 'QRCode TEST'])

    // Nothing that a report could count.
    for (const table of ['customers', 'cards', 'vouchers', 'events'])
      expect(rowsOf(cafe, `select * from ${table}`)).toEqual([])
    expect(await cafe.installation.cli('deliveries', 'count')).toEqual([{ state: 'sent', count: 1 }])
    expect(rowsOf(cafe, "select state from deliveries where purpose = 'test'")).toEqual([{ state: 'sent' }])
  })

  test('follows by itself what comes from 7stamp, and counts what is stuck', async () => {
    const cafe = await openRunningCafe({ env: { DEMO: '1' } })
    await vi.waitFor(() => expect(rowsOf(cafe, 'select id from cards')).toHaveLength(3), SOON)
    const page = await openSetup(cafe)
    const events = card(page, 'Events')
    await events.getByText('Nothing yet').waitFor()

    await tell(cafe.program, cardIssued(OLENA))
    await events.getByText(/^card_issued, .+, applied$/).waitFor()
    await events.getByText('Done').waitFor()
    expect((await post(cafe.program, { ...cardIssued(OLENA), timestamp: 'never' })).status).toBe(422)
    await events.getByText('Needs you').waitFor()
    await events.getByText('npm run cli -- events dead').waitFor()
    expect(await events.getByRole('definition').allTextContents()).toEqual([
      expect.stringContaining('has wrong fields'),
      '0',
      '1',
    ])
  })

  test('says what is wrong with a bot whose token was revoked, and what to do', async () => {
    const cafe = await openRunningCafe()
    const page = await openSetup(cafe)
    const owner = cafe.telegram.user(900, { language_code: 'en' })
    owner.says(`/start ${new URL(cafe.program.staffLink).searchParams.get('start')}`)
    await card(page, 'Your staff chat').getByText('1 chat is linked.').waitFor()

    cafe.telegram.fault(UNAUTHORIZED, { method: 'sendPhoto' })
    await page.getByRole('button', { name: 'Send me a test voucher' }).click()
    const messengers = card(page, 'Messengers')
    await messengers.getByText('Does not send: ').waitFor()
    await messengers.getByText('set TELEGRAM_BOT_TOKEN to the new one').waitFor()
    await messengers.getByText('Needs you').waitFor()
    await card(page, 'A test voucher').getByText('It is about to leave…').waitFor()
  })

  test('finds Telegram later, and says so meanwhile', async () => {
    const cafe = await openRunningCafe({ env: { TELEGRAM_API_ROOT: 'http://127.0.0.1:1' } })
    const page = await openSetup(cafe)
    await card(page, 'Messengers').getByText('Telegram has not answered yet.').waitFor()
    await card(page, 'Your staff chat').getByRole('button').click()
    await page.getByRole('link', { name: 'Open in the web chat' }).waitFor()
    expect(await page.getByRole('link', { name: 'Open in Telegram' }).count()).toBe(0)
  })

  test('tells who is late how to get in, and a new link from the command line lets them', async () => {
    const cafe = await openRunningCafe({ env: { DEMO: '1' } })
    await openSetup(cafe)
    const { page } = await browser.open(cafe.program.setupLink, PHONE)
    await page.getByRole('heading', { name: 'This setup link does not open any more' }).waitFor()
    await page.getByRole('code').getByText('npm run cli -- setup-link').waitFor()
    await page.getByRole('link', { name: 'Open the chat' }).click()
    await page.getByRole('log').getByText('Hello! Demo Coffee here.').waitFor()

    const [row] = await cafe.installation.cli('setup-link')
    const { search } = new URL(String(row?.setup))
    await page.goto(`${cafe.program.url}/${search}`)
    await card(page, 'Messengers').waitFor()
    await page.reload()
    await card(page, 'Messengers').waitFor()

    await cafe.installation.cli('setup-close')
    await page.getByRole('heading', { name: 'Is it yours?' }).waitFor()
  })

  test('signs out, and is a stranger’s page then', async () => {
    const cafe = await openRunningCafe()
    const page = await openSetup(cafe)
    await page.getByRole('button', { name: 'Sign out of the setup' }).click()
    await page.getByRole('heading', { name: 'Is it yours?' }).waitFor()
    expect(await page.getByRole('link', { name: 'Open the chat' }).count()).toBe(0)
    expect(rowsOf(cafe, 'select * from setup_sessions')).toEqual([])
  })

  test('is worked without a mouse, and says aloud what a press did', async () => {
    const cafe = await openRunningCafe()
    const page = await openSetup(cafe)
    const pressed = async (name: string) => {
      await tabTo(page, name)
      await page.keyboard.press('Enter')
    }
    await pressed('Make a link')
    await page.locator('#said').getByText('The link works once').waitFor({ state: 'attached' })
    await pressed('Send me a test voucher')
    await page.getByRole('status').getByText('Link a staff chat first.').waitFor()
  })

  test('loses the server, says so, and finds it again', async () => {
    const cafe = await openRunningCafe()
    const page = await openSetup(cafe)
    await page.context().setOffline(true)
    await page.getByText('The server cannot be reached. Trying again…').waitFor()
    await page.context().setOffline(false)
    await page.getByText('done. This page follows by itself.').waitFor()
  })

  test.each([
    ['light', DESK],
    ['dark', DESK],
    ['light', PHONE],
    ['dark', PHONE],
  ] as const)('axe finds nothing in %s colours, for strangers and for the owner (%#)', async (colorScheme, screen) => {
    const cafe = await openRunningCafe({ env: { DEMO: '1' } })
    const page = await openSetup(cafe, { ...screen, colorScheme })
    await card(page, 'Your staff chat').getByRole('button').click()
    await page.getByRole('link', { name: 'Open in Telegram' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    const { page: late, complaints } = await browser.open(cafe.program.setupLink, { ...screen, colorScheme })
    await late.getByRole('heading', { name: 'This setup link does not open any more' }).waitFor()
    expect(await axeFindings(late)).toEqual([])
    expect(complaints).toEqual([])
  })

  test.each([
    ['a window of 320 pixels', { viewport: { width: 320, height: 256 } }, '100%'],
    ['letters of twice the size', PHONE, '200%'],
  ])('is read in %s without scrolling sideways', async (_name, screen, letters) => {
    const page = await openSetup(await openRunningCafe(), screen)
    await page.evaluate(`document.documentElement.style.fontSize = '${letters}'`)
    await card(page, 'Your staff chat').getByRole('button').click()
    await page.getByRole('link', { name: 'Open in Telegram' }).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  })
})

/** One step of the checklist. */
const card = (page: Page, title: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) })

const tabTo = async (page: Page, name: string): Promise<void> => {
  const focused = () => page.evaluate<string>('document.activeElement.textContent.trim()')
  for (let presses = 0; presses < 20 && (await focused()) !== name; presses++) {
    await page.keyboard.press('Tab')
    const isSeen = await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle !== 'none'`)
    expect(isSeen).toBe(true)
  }
  expect(await focused()).toBe(name)
}
