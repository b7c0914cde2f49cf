import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { axeFindings, describeInBrowser } from '../support/browser.js'
import { conversation, PageSetting, PHONE, say } from './page-setting.js'

describeInBrowser('the page for everybody', () => {
  const setting = PageSetting.use()

  describe.each([
    ['a desktop', { viewport: { width: 1280, height: 800 } }],
    ['a phone', PHONE],
  ])('axe on %s', (_device, device) => {
    test.each(['light', 'dark'] as const)('finds nothing in %s colours', async (colorScheme) => {
      const page = await setting.greeted({ ...device, colorScheme })
      for (const text of ['My card', 'My vouchers', 'see https://cafe.example']) {
        await say(page, text)
        await page.waitForTimeout(100)
      }
      await page.getByText('You said: see').waitFor()
      expect(await axeFindings(page)).toEqual([])

      await page.getByRole('button', { name: 'Stamp card' }).click()
      await page.getByRole('dialog').waitFor()
      expect(await axeFindings(page)).toEqual([])
      await page.keyboard.press('Escape')

      await setting.stop()
      await say(page, 'nobody hears this')
      await page.getByText('Not sent').waitFor()
      await page.getByText('No connection').waitFor()
      expect(await axeFindings(page)).toEqual([])
    })
  })

  describe('without a mouse', () => {
    const focused = (page: Page) =>
      page.evaluate<string>('document.activeElement.textContent.trim() || document.activeElement.id')

    const tabTo = async (page: Page, name: string) => {
      for (let n = 0; n < 20 && (await focused(page)) !== name; n++) {
        await page.keyboard.press('Tab')
        expect(
          await page.evaluate(`(() => {
            const shown = (e) => getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none'
            const e = document.activeElement
            return e === document.body || shown(e) || shown(e.parentElement)
          })()`),
        ).toBe(true)
      }
      expect(await focused(page)).toBe(name)
    }

    test('a whole conversation is held, with the focus always to be seen', async () => {
      const page = await setting.greeted()
      expect(await focused(page)).toBe('text')
      await page.keyboard.type('hello')
      await page.keyboard.press('Shift+Enter')
      await page.keyboard.type('there')
      await page.keyboard.press('Enter')
      await page.getByText('You said: hello').waitFor()
      await tabTo(page, 'My vouchers')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Show card' }).waitFor()
      await tabTo(page, 'Show card')
      await page.keyboard.press('Space')
      await page.getByText('You pressed card').waitFor()
      expect((await conversation(page)).slice(1, 3)).toEqual(['hello\nthere', 'You said: hello\nthere'])
    })

    test('a picture is opened large and closed again, and the focus comes back', async () => {
      const page = await setting.greeted()
      await say(page, 'My card')
      const picture = page.getByRole('button', { name: 'Stamp card: 3 of 8 stamps' })
      await picture.focus()
      await page.keyboard.press('Enter')
      const viewer = page.getByRole('dialog', { name: 'Stamp card: 3 of 8 stamps' })
      await viewer.waitFor()
      expect(await viewer.getByRole('img').isVisible()).toBe(true)
      await page.keyboard.press('Escape')
      await viewer.waitFor({ state: 'detached' })
      expect(await picture.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
    })
  })

  describe('without eyes', () => {
    const log = (page: Page) => page.getByRole('log', { name: 'Conversation' })
    const untilLive = (page: Page) =>
      vi.waitFor(async () => expect(await log(page).getAttribute('aria-live')).toBe('polite'))

    test('new messages are announced with who said them', async () => {
      const page = await setting.greeted()
      await untilLive(page)
      await setting.tell('You have a new stamp')
      await page.getByText('You have a new stamp').waitFor()
      expect(await log(page).locator('.message').last().textContent()).toContain('Demo Coffee: You have a new stamp')
    })

    test('what was there before is not announced', async () => {
      const page = await setting.greeted()
      await page.addInitScript(`addEventListener('DOMContentLoaded', () => {
        const log = document.getElementById('log')
        globalThis.states = []
        new MutationObserver(() => states.push(log.getAttribute('aria-live'))).observe(log, { childList: true })
      })`)
      await page.reload()
      await page.getByText('Welcome to Demo Coffee!').waitFor()
      await untilLive(page)
      // Observers run after the script that changed the page, and the log turns live only in a later one.
      expect(await page.evaluate('states[0]')).toBe('off')
    })

    test('what one said oneself tells whether it was sent', async () => {
      const page = await setting.greeted()
      await say(page, 'quiet')
      await vi.waitFor(async () =>
        expect(await page.locator('.message.own').textContent()).toMatch(/^You: quiet.*Sent$/),
      )
    })
  })
})
