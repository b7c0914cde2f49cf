import { expect, onTestFinished, test, vi } from 'vitest'
import { openTestBot } from '../support/test-bot.js'

test('a business that another process renames is called by its new name, without a new start', async () => {
  const bot = await openTestBot()
  onTestFinished(() => bot.close())
  const { db, businesses } = bot.foundation
  const greeting = async (address: string) => {
    await bot.does(address, { kind: 'start', payload: null })
    await vi.waitFor(() => expect(bot.textsOf(address)).toHaveLength(1), { timeout: 8_000, interval: 20 })
    return bot.textsOf(address)[0]
  }
  expect(await greeting('early')).toContain('Hello! Corner Coffee here.')

  const [business] = await db.read(businesses.byId({ id: bot.businessId }))
  if (!business) throw new Error('there is no business')
  await db.write(businesses.save({ ...business, name: 'Bean & Leaf', language: 'de' }))
  let guests = 0
  await vi.waitFor(async () => expect(await greeting(`late${++guests}`)).toContain('Bean & Leaf'), {
    timeout: 8_000,
    interval: 200,
  })
})
