import { expect, test, vi } from 'vitest'
import { describeInBrowser } from '../support/browser.js'
import { conversation, field, PageSetting, say } from './page-setting.js'

describeInBrowser('a conversation in the page', () => {
  const setting = PageSetting.use()

  test('begins with a greeting and goes on live, both ways', async () => {
    const page = await setting.greeted()
    await say(page, 'hello')
    await page.getByText('You said: hello').waitFor()
    expect(await conversation(page)).toEqual(['Welcome to Demo Coffee!', 'hello', 'You said: hello'])
    await setting.tell('You have a new stamp')
    await page.getByText('You have a new stamp').waitFor()
    await vi.waitFor(() => expect(setting.chat.receipts).toHaveLength(3))
  })

  test('is there again after a reload, each message once, and nobody is greeted twice', async () => {
    const page = await setting.greeted()
    await say(page, 'hello')
    await page.getByText('You said: hello').waitFor()
    await page.reload()
    await page.getByText('You said: hello').waitFor()
    expect(await conversation(page)).toEqual(['Welcome to Demo Coffee!', 'hello', 'You said: hello'])
    expect(setting.chat.updates).toHaveLength(2)
  })

  test('is the same in a second tab', async () => {
    const page = await setting.greeted()
    const second = await page.context().newPage()
    await second.goto(`${setting.chat.url}/try`)
    await second.getByText('Welcome to Demo Coffee!').waitFor()
    await say(page, 'from the first')
    await second.getByText('You said: from the first').waitFor()
    expect(await conversation(second)).toEqual(await conversation(page))
  })

  test('opened by a one-time link uses the link once and takes it out of the address', async () => {
    const page = await setting.open('/try?start=one-time-token')
    await page.getByText('Linked by one-time-token').waitFor()
    expect(page.url()).toBe(`${setting.chat.url}/try`)
    await page.reload()
    await page.getByText('Linked by one-time-token').waitFor()
    expect(setting.chat.updates).toHaveLength(1)
  })

  test('uses the menu, and buttons under a message', async () => {
    const page = await setting.greeted()
    await page.getByRole('button', { name: 'My vouchers' }).click()
    await page.getByRole('button', { name: 'Show card' }).click()
    await page.getByText('You pressed card').waitFor()
    expect((await conversation(page)).slice(1)).toEqual([
      'My vouchers',
      'Your voucher “Free coffee”',
      'Show card',
      'You pressed card',
    ])
  })

  test('takes a double click for one', async () => {
    const page = await setting.greeted()
    await say(page, 'My vouchers')
    await page.getByRole('button', { name: 'Show card' }).dblclick()
    await page.getByText('You pressed card').waitFor()
    expect((await conversation(page)).filter((text) => text === 'Show card')).toHaveLength(1)
  })

  test('copies a code and says so', async () => {
    const page = await setting.greeted({ permissions: ['clipboard-read', 'clipboard-write'] })
    await say(page, 'My vouchers')
    await page.getByRole('button', { name: 'Copy code' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('FREECOFFEE')
    expect(await page.locator('#said').textContent()).toBe('Copied')
    await page.getByRole('button', { name: 'Copy code' }).waitFor()
  })

  test('shows what was edited in its place', async () => {
    const page = await setting.greeted()
    await setting.tell('Voucher: active', 'voucher-1')
    await setting.tell('something else')
    await page.getByText('something else').waitFor()
    await setting.edit('voucher-1', 'Voucher: redeemed')
    await page.getByText('Voucher: redeemed').waitFor()
    expect((await conversation(page)).slice(1)).toEqual(['Voucher: redeemed', 'something else'])
  })

  test('speaks the browser’s language in its own words', async () => {
    const page = await setting.open('/try', { locale: 'uk-UA' })
    await page.getByPlaceholder('Повідомлення').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('uk-UA')
    await vi.waitFor(() => expect(setting.chat.updates[0]?.body).toMatchObject({ language: 'uk-UA' }))
  })

  test('does not send what an input method is still composing', async () => {
    const page = await setting.greeted()
    await field(page).fill('안녕')
    await page.evaluate(`document.getElementById('text').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))`)
    expect(await field(page).inputValue()).toBe('안녕')
    await field(page).press('Enter')
    await page.getByText('You said: 안녕').waitFor()
  })

  test('takes text for text, and opens nothing but the web', async () => {
    const page = await setting.greeted()
    const hostile = '<img src=x onerror="document.title=\'caught\'"><b>bold</b> {{name}} javascript:alert(1)'
    await say(page, hostile)
    await page.getByText(`You said: ${hostile}`).waitFor()
    expect(await page.locator('.message b, .message img').count()).toBe(0)
    await say(page, 'see https://cafe.example/menu?a=b.')
    const link = page.getByRole('link', { name: 'https://cafe.example/menu?a=b' }).last()
    expect(await link.getAttribute('href')).toBe('https://cafe.example/menu?a=b')
    expect(await link.getAttribute('rel')).toContain('noopener')
    await say(page, 'My vouchers')
    await page.getByText('Trap').waitFor()
    expect(await page.getByRole('link', { name: 'Trap' }).count()).toBe(0)
    expect(await page.title()).toBe('Demo Coffee')
  })

  test('does not lose what is too long to be said', async () => {
    const page = await setting.greeted()
    const long = 'я'.repeat(2_100)
    await say(page, long)
    await vi.waitFor(async () => expect(await page.locator('#said').textContent()).toBe('This message is too long.'))
    expect(await field(page).inputValue()).toBe(long)
    expect(setting.chat.updates).toHaveLength(1)
  })
})
