import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../bots/conversation/commands.js'
import { announce } from '../../bots/telegram/telegram-menu.js'
import { tooManyRequests } from '../doubles/telegram-faults.js'
import { openTelegramForTest } from './open-telegram.js'

const word = (language: string, key: string) => `${key} in ${language}`

describe('the commands', () => {
  test('are shown to each language in its words, and to all others in the business’s', async () => {
    const { double, telegram } = await openTelegramForTest()
    await announce(telegram, { languages: ['uk', 'de', 'en'], word })
    const { commands, menuButton } = double.profile
    expect([...commands.keys()]).toEqual(['', 'uk', 'de', 'en'])
    expect(commands.get('')).toEqual(commands.get('uk'))
    expect(commands.get('de')).toEqual(
      COMMANDS.map(({ command, description }) => ({ command, description: `${description} in de` })),
    )
    expect(menuButton).toEqual({ type: 'commands' })
    expect(double.violations).toEqual([])
  })

  test('are sent again only where they have changed', async () => {
    const { double, telegram } = await openTelegramForTest()
    await announce(telegram, { languages: ['uk', 'de'], word })
    const writes = () => double.calls.filter(({ method }) => method.startsWith('set'))
    const before = writes().length
    await announce(telegram, { languages: ['uk', 'de'], word })
    expect(writes()).toHaveLength(before)
    await announce(telegram, {
      languages: ['uk', 'de'],
      word: (language, key) => (language === 'de' ? `neu: ${key}` : word(language, key)),
    })
    expect(writes().slice(before)).toMatchObject([{ method: 'setMyCommands', params: { language_code: 'de' } }])
  })

  test('of a language that Telegram has no two letters for are the business’s', async () => {
    const { double, telegram } = await openTelegramForTest()
    await announce(telegram, { languages: ['en', 'gsw'], word })
    expect([...double.profile.commands.keys()]).toEqual(['', 'en'])
    expect(double.violations).toEqual([])
  })

  test('have descriptions that fit', async () => {
    const { double, telegram } = await openTelegramForTest()
    await announce(telegram, { languages: ['en'], word: () => 'w'.repeat(300) })
    expect(double.violations).toEqual([])
  })
})

test('a menu button that the owner gave to a web app stays', async () => {
  const { double, telegram } = await openTelegramForTest()
  const menu_button = { type: 'web_app', text: 'Order', web_app: { url: 'https://cafe.example' } } as const
  await telegram.call.setChatMenuButton({ menu_button })
  await announce(telegram, { languages: ['en'], word })
  expect(double.profile.menuButton).toEqual(menu_button)
})

test('Telegram asks to wait: the refusal says how long', async () => {
  const { double, telegram } = await openTelegramForTest()
  double.fault(tooManyRequests(40), { method: 'setMyCommands' })
  await expect(announce(telegram, { languages: ['en'], word })).rejects.toMatchObject({
    code: 'unavailable',
    retryAfterSec: 40,
  })
})
