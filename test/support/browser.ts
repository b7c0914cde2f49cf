import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Frame, type Page } from 'playwright-core'
import { describeWith, findProgram } from './engines.js'

const PROGRAM = findProgram('chromium', ['/usr/bin', '/usr/local/bin'])

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A suite that needs a real browser. Without Chromium it is skipped with the reason printed, and an error under CI=true. */
export const describeInBrowser = (name: string, suite: () => void): void =>
  describeWith(name, PROGRAM === null ? 'Chromium is not installed' : null, suite)

export interface TestBrowser {
  /** A page in a profile of its own. What its scripts complain about is collected in `complaints`. */
  open(url: string, options?: BrowserContextOptions): Promise<OpenedPage>
  close(): Promise<void>
}

export interface OpenedPage {
  readonly page: Page
  readonly complaints: readonly string[]
}

export const openBrowser = async (): Promise<TestBrowser> => {
  if (PROGRAM === null) throw new Error('Chromium is not installed')
  const browser: Browser = await chromium.launch({ executablePath: PROGRAM, args: ARGS })
  return {
    async open(url, options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        // A refused or broken request is the tests' own doing.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(message.text())
      })
      await page.goto(url)
      return { page, complaints }
    },
    close: () => browser.close(),
  }
}

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}

/** What axe finds wrong for people with disabilities, as `rule: element`. */
export const axeFindings = async (page: Page | Frame): Promise<string[]> => {
  const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
  await page.evaluate(readFileSync(script, 'utf8'))
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
