import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { PageFiles } from '../../bots/web/page-files.js'
import { type OpenedPage, openBrowser, type TestBrowser } from '../support/browser.js'
import { cafeBot, pictureRoutes } from './cafe-bot.js'
import { builtPage, openWebChat, type WebChat, type WebChatOptions } from './open-web-chat.js'

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }

const untilEnd = new AbortController().signal

/** The page in a real browser with a café's bot behind it: a fresh chat for each test, and no complaint of the page's. */
export class PageSetting {
  readonly #pages: OpenedPage[] = []
  #browser: TestBrowser | null = null
  #files: PageFiles | null = null
  #folder = ''
  #chat: WebChat | null = null

  /** To be called inside a suite. */
  static use(): PageSetting {
    const setting = new PageSetting()
    beforeAll(async () => {
      setting.#browser = await openBrowser()
      setting.#files = await builtPage()
    })
    afterAll(() => setting.#browser?.close())
    beforeEach(async () => {
      setting.#folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
      await setting.serve()
    })
    afterEach(async () => {
      for (const { page, complaints } of setting.#pages.splice(0)) {
        await page.context().close()
        expect(complaints).toEqual([])
      }
      await setting.stop()
      rmSync(setting.#folder, { recursive: true, force: true })
    })
    return setting
  }

  get chat(): WebChat {
    if (!this.#chat) throw new Error('the chat is not served')
    return this.#chat
  }

  /** Serves the chat, instead of the one that was served until now. */
  async serve(options: WebChatOptions = {}): Promise<void> {
    await this.stop()
    if (!this.#files) throw new Error('the page was not built')
    this.#chat = await openWebChat(join(this.#folder, 'test.sqlite'), {
      files: this.#files,
      bot: cafeBot,
      routes: pictureRoutes(),
      ...options,
    })
  }

  async stop(): Promise<void> {
    await this.#chat?.close()
    this.#chat = null
  }

  /** The next server starts with an empty database. */
  forget(): void {
    rmSync(this.#folder, { recursive: true })
    this.#folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  }

  async open(path = '/try', options: BrowserContextOptions = {}): Promise<Page> {
    if (!this.#browser) throw new Error('there is no browser')
    const opened = await this.#browser.open(`${this.chat.url}${path}`, options)
    this.#pages.push(opened)
    return opened.page
  }

  async greeted(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open('/try', options)
    await page.getByText('Welcome to Demo Coffee!').waitFor()
    return page
  }

  /** The bot tells the first visitor something unasked. */
  tell(text: string, id: string = randomUUID()) {
    return this.chat.messenger.send(this.address, { id, text }, untilEnd)
  }

  edit(id: string, text: string) {
    return this.chat.messenger.edit(this.address, id, { id: randomUUID(), text }, untilEnd)
  }

  get address(): string {
    const address = this.chat.updates[0]?.address
    if (address === undefined) throw new Error('nobody has said anything')
    return address
  }
}

export const field = (page: Page) => page.getByLabel('Message', { exact: true })

export const say = async (page: Page, text: string): Promise<void> => {
  await field(page).fill(text)
  await field(page).press('Enter')
}

/** Everything said in the chat, in order, as a reader sees it. */
export const conversation = (page: Page): Promise<string[]> => page.locator('.message .text').allTextContents()
