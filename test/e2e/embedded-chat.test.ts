import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { axeFindings, describeInBrowser, openBrowser, type TestBrowser } from '../support/browser.js'
import { cardIssued, OLENA, voucherIssued } from './frames.js'
import { linkTo, openRunningCafe, type RunningCafe, tell } from './open-cafe.js'

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } }
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }

/** A business's own site. Its policy is as strict as a site's can be that shows a chat. */
interface Site {
  readonly origin: string
  /** The attributes of the one script tag, but for its address. */
  tag: string
  chatOrigin: string
}

describeInBrowser('the chat on the business’s own site', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  const openSiteWithChat = async (host?: 'localhost'): Promise<{ cafe: RunningCafe; site: Site; foreign: Site }> => {
    const [site, foreign] = [await openSite(host), await openSite(host)]
    const cafe = await openRunningCafe({ env: { WEB_ALLOWED_ORIGINS: site.origin } })
    for (const each of [site, foreign]) each.chatOrigin = cafe.program.url
    return { cafe, site, foreign }
  }

  test.each([
    ['a desk', DESK],
    ['a phone', PHONE],
  ])('at %s a visitor opens it, is greeted, asks, and hears of a voucher', async (_name, screen) => {
    const { cafe, site } = await openSiteWithChat()
    await tell(cafe.program, cardIssued(OLENA))
    site.tag = `data-start="${await linkTo(cafe, OLENA.id)}"`
    const { page, complaints } = await browser.open(site.origin, screen)
    await launcher(page).click()
    const chat = await chatOf(page)
    await chat.getByRole('log').getByText('Олена Коваль, готово!').waitFor()
    await chat.getByLabel('Message', { exact: true }).fill('/help')
    await chat.getByLabel('Message', { exact: true }).press('Enter')
    await chat.locator('.message.own').getByText('/help').waitFor()

    await tell(cafe.program, voucherIssued(OLENA, 'v_1'))
    await chat.locator('.message.bot').filter({ hasText: 'Ваучер від «Demo Coffee»' }).waitFor()
    expect(complaints).toEqual([])

    // The link is used up, and the visitor known: coming back goes on with the same chat.
    await page.reload()
    const again = await chatOf(page)
    await again.locator('.message.bot').filter({ hasText: 'Ваучер від «Demo Coffee»' }).waitFor()
    expect(await again.getByText('готово!').count()).toBe(1)
  })

  test('a site that is not allowed gets no chat: the browser refuses to show it', async () => {
    const { foreign } = await openSiteWithChat()
    const { page, complaints } = await browser.open(foreign.origin, DESK)
    await launcher(page).click()
    await expect.poll(() => complaints.join()).toContain('frame-ancestors')
    for (const frame of page.frames().slice(1)) expect(await frame.getByLabel('Message').count()).toBe(0)
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  test('is explained on the setup page, with the line to copy', async () => {
    const { cafe, site } = await openSiteWithChat()
    const { page } = await browser.open(cafe.program.setupLink, DESK)
    await page.getByText(`${site.origin} may show it. Put this line into their pages:`).waitFor()
    await page.getByText(`<script src="${cafe.program.url}/embed.js" async></script>`).waitFor()
  })

  test('an allowed site cannot show the setup or the sandbox', async () => {
    const { cafe, site } = await openSiteWithChat()
    for (const path of ['/', '/try']) {
      const { page, complaints } = await browser.open(`${site.origin}/frame?of=${cafe.program.url}${path}`, DESK)
      await expect.poll(() => complaints.join()).toContain('frame-ancestors')
      await page.context().close()
    }
  })

  test('works in a private window, which keeps nothing for frames, and begins anew with each page', async () => {
    const { site } = await openSiteWithChat('localhost')
    const { page, complaints } = await browser.open(site.origin, DESK)
    await launcher(page).click()
    const chat = await chatOf(page)
    await chat.getByRole('log').getByText('Demo Coffee here.').waitFor()
    await page.keyboard.type('/help')
    await page.keyboard.press('Enter')
    await chat.locator('.message.own').getByText('/help').waitFor()
    await page.reload()
    const again = await chatOf(page)
    await again.getByRole('log').getByText('Demo Coffee here.').waitFor()
    expect(await again.getByText('/help').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('is opened and closed without a mouse, and the focus goes there and comes back', async () => {
    const { site } = await openSiteWithChat()
    const { page } = await browser.open(site.origin, DESK)
    const button = launcher(page)
    await button.waitFor()
    expect(await button.getAttribute('aria-expanded')).toBe('false')
    while ((await focused(page)) !== 'launcher') await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await button.getAttribute('aria-expanded')).toBe('true')
    const chat = await chatOf(page)
    await chat.getByRole('log').getByText('Demo Coffee here.').waitFor()
    await page.keyboard.type('hello')
    expect(await chat.getByLabel('Message', { exact: true }).inputValue()).toBe('hello')

    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await button.getAttribute('aria-expanded')).toBe('false')
    expect(await focused(page)).toBe('launcher')

    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Close' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await focused(page)).toBe('launcher')
  })

  test('is as it was left on the next page, and takes no focus there', async () => {
    const { site } = await openSiteWithChat()
    const { page } = await browser.open(site.origin, DESK)
    await launcher(page).click()
    await (await chatOf(page)).getByRole('log').getByText('Demo Coffee here.').waitFor()
    await page.goto(`${site.origin}/menu`)
    await (await chatOf(page)).getByRole('log').getByText('Demo Coffee here.').waitFor()
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true)

    await launcher(page).click()
    await page.goto(site.origin)
    await launcher(page).waitFor()
    expect(await page.getByRole('dialog').isVisible()).toBe(false)
    expect(page.frames()).toHaveLength(1)
  })

  test('fills a phone’s screen, and what it covers is out of reach until it is closed', async () => {
    const { site } = await openSiteWithChat()
    const { page } = await browser.open(site.origin, PHONE)
    await launcher(page).tap()
    const chat = await chatOf(page)
    await chat.getByLabel('Message', { exact: true }).waitFor()
    expect(await page.getByRole('dialog').boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 780 })
    expect(await page.evaluate(`document.elementFromPoint(30, 30).localName`)).toBe('stampcast-chat')
    await page.getByRole('button', { name: 'Close' }).tap()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await launcher(page).getAttribute('aria-expanded')).toBe('false')
  })

  test.each([
    ['light', DESK],
    ['dark', DESK],
    ['light', PHONE],
    ['dark', PHONE],
  ] as const)('axe finds nothing in %s colours (%#), on the page and in the frame', async (colorScheme, screen) => {
    const { site } = await openSiteWithChat()
    const { page } = await browser.open(site.origin, { ...screen, colorScheme })
    await launcher(page).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await launcher(page).click()
    const chat = await chatOf(page)
    await chat.getByRole('log').getByText('Demo Coffee here.').waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(await axeFindings(chat)).toEqual([])
  })

  test('at 200 % zoom it is read and answered without scrolling sideways', async () => {
    const { site } = await openSiteWithChat()
    const { page } = await browser.open(site.origin, { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 })
    await launcher(page).click()
    const chat = await chatOf(page)
    await chat.getByRole('log').getByText('Demo Coffee here.').waitFor()
    await chat.getByLabel('Message', { exact: true }).fill('hi')
    for (const each of [page, chat])
      expect(await each.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    expect(await page.getByRole('dialog').boundingBox()).toEqual({ x: 0, y: 0, width: 640, height: 400 })
  })
})

/** Beside the chat's, another origin; as `localhost` also what a browser calls another site. */
const openSite = async (host: '127.0.0.1' | 'localhost' = '127.0.0.1'): Promise<Site> => {
  const site = { origin: '', tag: '', chatOrigin: '' }
  const server = createServer((req, res) => {
    const framed = new URL(req.url ?? '/', site.origin).searchParams.get('of')
    const body = framed === null ? `<script src="${site.chatOrigin}/embed.js" async ${site.tag}></script>` : ''
    const frame = framed === null ? '' : `<iframe title="framed" src="${framed}"></iframe>`
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    res.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; script-src ${site.chatOrigin}; frame-src ${site.chatOrigin}`,
    )
    res.end(
      `<!doctype html><html lang="en"><head><title>Our café</title><meta name="viewport" content="width=device-width">${body}` +
        `</head><body><main><h1>Our café</h1><p><a href="/menu">Menu</a></p>${frame}</main></body></html>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  site.origin = `http://${host}:${(server.address() as AddressInfo).port}`
  return site
}

const launcher = (page: Page) => page.locator('.launcher')

const chatOf = async (page: Page): Promise<Frame> => {
  const element = await page.locator('stampcast-chat iframe').elementHandle()
  const frame = await element?.contentFrame()
  if (!frame) throw new Error('the chat is not shown')
  return frame
}

/** The class of what has the focus, also in the launcher's shadow root. */
const focused = (page: Page): Promise<string> =>
  page.evaluate('(document.activeElement.shadowRoot?.activeElement ?? document.activeElement).className')
