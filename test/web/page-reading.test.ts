import { expect, test, vi } from 'vitest'
import { describeInBrowser } from '../support/browser.js'
import { pictureRoutes } from './cafe-bot.js'
import { field, PageSetting, PHONE, say } from './page-setting.js'

describeInBrowser('reading in the page', () => {
  const setting = PageSetting.use()

  test('stays where it is when new messages arrive, and is led to them', async () => {
    const page = await setting.greeted(PHONE)
    for (let n = 0; n < 30; n++) await setting.tell(`line ${n}`)
    await page.getByText('line 29').waitFor()
    const log = page.getByRole('log')
    const position = () => log.evaluate((element) => element.scrollTop)
    await log.evaluate((element) => element.scrollTo(0, 100))
    const before = await position()
    await setting.tell('the news')
    const jump = page.getByRole('button', { name: 'New messages' })
    await jump.waitFor()
    expect(await position()).toBe(before)
    await jump.click()
    await jump.waitFor({ state: 'hidden' })
    await setting.tell('and more')
    await page.getByText('and more').waitFor()
    await vi.waitFor(async () => {
      expect(await log.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight)).toBeLessThan(5)
    })
  })

  test('follows an answer that comes while one’s own words still glide into view', async () => {
    const page = await setting.greeted({ ...PHONE, reducedMotion: 'no-preference' })
    for (let n = 0; n < 20; n++) await setting.tell(`line ${n}`)
    await page.getByText('line 19').waitFor()
    await say(page, 'one\ntwo\nthree\nfour\nfive')
    await page.getByText('You said: one').waitFor()
    const log = page.getByRole('log')
    await vi.waitFor(async () => {
      expect(await log.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight)).toBeLessThan(5)
    })
    expect(await page.getByRole('button', { name: 'New messages' }).isVisible()).toBe(false)
  })

  test('does not jump when a picture has loaded', async () => {
    await setting.serve({ routes: pictureRoutes(600) })
    const page = await setting.greeted()
    await say(page, 'My card')
    const picture = page.locator('.picture img')
    await picture.waitFor()
    const isLoaded = () => picture.evaluate((image) => Reflect.get(image, 'naturalWidth') > 0)
    expect(await isLoaded()).toBe(false)
    const before = await picture.boundingBox()
    await vi.waitFor(async () => expect(await isLoaded()).toBe(true))
    const after = await picture.boundingBox()
    expect(after?.height).toBe(before?.height)
    expect((after?.width ?? 0) / (after?.height ?? 1)).toBeCloseTo(2, 1)
  })

  test('tries a picture again that did not load', async () => {
    const page = await setting.greeted()
    await page.route('**/media/card.png', (route) => route.abort(), { times: 1 })
    await say(page, 'My card')
    const note = page.getByText('The picture did not load')
    await note.click()
    await note.waitFor({ state: 'detached' })
    expect(await page.locator('.picture img').evaluate((image) => Reflect.get(image, 'naturalWidth'))).toBe(800)
  })

  test.each([
    ['a narrow phone', { width: 320, height: 600 }, '100%'],
    ['letters twice as large', { width: 640, height: 480 }, '200%'],
  ])('fits %s without scrolling sideways', async (_what, viewport, fontSize) => {
    const page = await setting.greeted({ viewport })
    await page.evaluate(`document.documentElement.style.fontSize = '${fontSize}'`)
    await say(page, 'My vouchers')
    await page.getByRole('button', { name: 'Show card' }).waitFor()
    await say(page, 'averyveryverylongwordwithoutanyspaceinitthatneverseemstoendandgoesonandonandon')
    await page.getByText('You said: avery').waitFor()
    const beyond = 'e.scrollWidth - e.clientWidth'
    expect(
      await page.evaluate(`[document.documentElement, document.getElementById('log')].map((e) => ${beyond})`),
    ).toEqual([0, 0])
    const box = await field(page).boundingBox()
    expect((box?.y ?? 9_999) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height)
  })

  test('runs from the right where the words do', async () => {
    const page = await setting.greeted()
    await setting.tell('שלום! יש לך 3 חותמות.')
    const text = page.getByText('שלום')
    await text.waitFor()
    const { left, right, bubbleRight } = (await text.evaluate((element) => {
      const range = element.ownerDocument.createRange()
      range.selectNodeContents(element)
      const words = range.getBoundingClientRect()
      return { left: words.left, right: words.right, bubbleRight: element.getBoundingClientRect().right }
    })) as Record<string, number>
    expect((bubbleRight ?? 0) - (right ?? 0)).toBeLessThan(20)
    expect(left).toBeGreaterThan(0)
  })
})
