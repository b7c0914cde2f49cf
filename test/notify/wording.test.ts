import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LOCALES } from './locale-texts.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

describe('a message in words', () => {
  test('is its lines, with menu, buttons and the picture’s alternative text in the reader’s language', () => {
    const date = Date.UTC(2026, 5, 11, 20, 59, 59)
    const said = wording.say('uk', {
      phrases: [
        { key: 'voucher.issued', params: { business: 'Кава', title: 'Кава безкоштовно' } },
        { key: 'voucher.expires', params: { date: { date, timeZone: 'Europe/Kyiv' } } },
      ],
      picture: { kind: 'voucher', voucherId: 'v_1' },
      buttons: [
        [{ kind: 'copy', label: 'buttons.copyCode', text: 'FREE' }],
        [{ kind: 'action', label: 'buttons.named', params: { name: 'Чай' }, action: 'voucher:v_2' }],
        [{ kind: 'url', label: 'buttons.privacyPolicy', url: 'https://a.example' }],
      ],
      silent: true,
    })
    expect(said).toEqual({
      text: '🎁 Ваучер від «Кава»: Кава безкоштовно\nДійсний до 11 червня 2026 р.',
      altText: 'Ваш ваучер',
      buttons: [
        [{ kind: 'copy', label: 'Скопіювати код', text: 'FREE' }],
        [{ kind: 'action', label: 'Чай', action: 'voucher:v_2' }],
        [{ kind: 'url', label: 'Конфіденційність', url: 'https://a.example' }],
      ],
      silent: true,
    })
  })

  test('carries the menu and the phone button when its content asks for them', () => {
    expect(wording.say('en', { phrases: [{ key: 'help.how' }], menu: true, asksForPhone: true })).toMatchObject({
      menu: [
        ['My card', 'My vouchers'],
        ['History', 'Notifications'],
        ['Language', 'Help'],
      ],
      phoneButton: 'Share my phone number',
    })
  })

  test('is English for a language that nobody speaks here', () => {
    expect(wording.word('tlh', 'menu.card')).toBe('My card')
    const date = { date: Date.UTC(2026, 5, 11), timeZone: 'UTC' }
    expect(wording.word('tlh', 'voucher.expires', { date })).toBe('Valid until June 11, 2026')
  })

  test('fails loudly for a phrase that does not exist, rather than showing its key to a customer', () => {
    expect(() => wording.word('uk', 'card.nonsense')).toThrow('no language has the phrase "card.nonsense"')
    expect(() => wording.word('uk', 'card')).toThrow('no language has the phrase "card"')
    expect(() => wording.word('uk', 'toString')).toThrow('no language has the phrase "toString"')
  })
})

test.each([
  ['uk', 1, 'Ще 1 штамп до наступної винагороди'],
  ['uk', 2, 'Ще 2 штампи до наступної винагороди'],
  ['uk', 5, 'Ще 5 штампів до наступної винагороди'],
  ['uk', 11, 'Ще 11 штампів до наступної винагороди'],
  ['uk', 21, 'Ще 21 штамп до наступної винагороди'],
  ['pl', 1, 'Jeszcze 1 pieczątka do następnej nagrody'],
  ['pl', 3, 'Jeszcze 3 pieczątki do następnej nagrody'],
  ['pl', 12, 'Jeszcze 12 pieczątek do następnej nagrody'],
  ['ko', 1, '다음 리워드까지 스탬프 1개 남았습니다'],
  ['en', 1, '1 more stamp to your next reward'],
  ['en', 0, '0 more stamps to your next reward'],
])('in %s, %d stamps take their own plural form', (language, count, text) => {
  expect(wording.word(language, 'card.toGo', { count })).toBe(text)
})

describe('a date', () => {
  const lastSecond = Date.UTC(2026, 5, 11, 20, 59, 59)

  test('is the day of the business’s time zone', () => {
    const expires = (timeZone: string) =>
      wording.word('en', 'voucher.expires', { date: { date: lastSecond, timeZone } })
    expect(expires('Europe/Kyiv')).toBe('Valid until June 11, 2026')
    expect(expires('Asia/Seoul')).toBe('Valid until June 12, 2026')
  })

  test('has a time where that matters', () => {
    const since = { date: lastSecond, timeZone: 'Europe/Kyiv', withTime: true }
    expect(wording.word('de', 'alerts.silence', { business: 'Kaffee', since })).toContain('Seit 11. Juni 2026 um 23:59')
  })

  test('that is nonsense does not stop a message', () => {
    const expires = (date: number, timeZone: string) =>
      wording.word('en', 'voucher.expires', { date: { date, timeZone } })
    expect(expires(Number.NaN, 'Europe/Kyiv')).toBe('Valid until —')
    expect(expires(1e300, 'Europe/Kyiv')).toBe('Valid until —')
    expect(expires(lastSecond, 'Mars/Olympus')).toBe('Valid until June 11, 2026')
  })
})

describe('whatever a customer or business is called', () => {
  const titled = (title: string) => wording.word('en', 'voucher.mine', { title, business: 'Demo' })

  test.each(['{{business}}', '{{-business}}', '$t(menu.card)', '$t(menu.card, {"lng":"uk"})', '{{', '}}', '$&', '$1'])(
    '%s is shown as it is, never interpreted',
    (hostile) => {
      expect(titled(hostile)).toBe(`${hostile}, Demo`)
      expect(wording.say('en', { phrases: [{ text: hostile }] }).text).toBe(hostile)
    },
  )

  test('two values cannot meet to become a variable', () => {
    const params = { title: '{{', number: 'number}}' }
    expect(wording.word('en', 'card.titledNumber', params)).toBe('{{, No. number}}')
  })

  test('nothing is escaped: the messenger’s adapter knows what it needs', () => {
    expect(titled('Fish & <b>Chips</b> "O’Neil\'s"')).toBe('Fish & <b>Chips</b> "O’Neil\'s", Demo')
  })

  test('it stays one line and cannot turn the direction of the text behind it', () => {
    expect(titled('Free\n\nYou\twon\u0000 \u202Eevil')).toBe('Free You won evil, Demo')
  })

  test('it cannot make a message too long, nor be cut in the middle of a character', () => {
    const long = titled('😀'.repeat(100_000))
    expect(long.length).toBeLessThan(140)
    expect(long).toMatch(/^(😀)+…, Demo$/u)
  })

  test('what a business wrote keeps its lines, up to what a messenger takes', () => {
    expect(wording.say('en', { phrases: [{ text: ' Two\nlines\u0007 ' }] }).text).toBe('Two\nlines')
    expect(wording.say('en', { phrases: [{ text: 'x'.repeat(1_000_000) }] }).text.length).toBe(3_000)
  })
})

describe('a whole text that is a word of ours', () => {
  test.each([
    'STOP',
    ' stop ',
    'Stop!',
    'стоп',
    'СТОП.',
    'відписатися',
    'Désabonner',
    'desabonner',
    'REZYGNUJE',
    '수신거부',
  ])('%s ends messages, whichever language the chat speaks', (text) => expect(wording.actionOf(text)).toBe('stop'))

  test.each(['START', 'старт', 'Démarrer', 'wznow', '시작'])('%s turns them on', (text) =>
    expect(wording.actionOf(text)).toBe('start'),
  )

  test.each([
    ['My card', 'card'],
    ['моя картка', 'card'],
    ['내 쿠폰', 'vouchers'],
    ['HISTORIQUE', 'history'],
    ['Jezyk', 'language'],
    ['Hilfe?', 'help'],
  ])('%s is a label of the menu', (text, action) => expect(wording.actionOf(text)).toBe(action))

  test.each(['please do not stop', 'stop by for a coffee', '', '🙏', '1', 'stop'.repeat(10_000)])(
    '%s is none',
    (text) => expect(wording.actionOf(text)).toBeNull(),
  )
})

describe('locales/', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'locales-'))
    await cp(join(LOCALES, 'en'), join(folder, 'en'), { recursive: true })
  })
  afterAll(() => rm(folder, { recursive: true }))

  const addLanguage = async (tag: string, content: string) => {
    await mkdir(join(folder, tag), { recursive: true })
    await writeFile(join(folder, tag, 'chat.json'), content)
  }

  test('a new folder is a new language; what it does not say yet is English', async () => {
    await addLanguage(
      'nl',
      JSON.stringify({
        language: { name: 'Nederlands' },
        words: { stop: ['stoppen'], start: ['beginnen'] },
        menu: { card: 'Mijn kaart' },
      }),
    )
    const dutch = await createWording(folder)
    expect([...dutch.languages]).toEqual(['en', 'nl'])
    expect(dutch.languageNames()).toContainEqual({ tag: 'nl', name: 'Nederlands' })
    expect(dutch.word('nl', 'menu.card')).toBe('Mijn kaart')
    expect(dutch.word('nl', 'menu.help')).toBe('Help')
    expect(dutch.word('nl', 'card.toGo', { count: 2 })).toBe('2 more stamps to your next reward')
    expect(dutch.actionOf('STOPPEN')).toBe('stop')
    expect(dutch.actionOf('mijn kaart')).toBe('card')
    await rm(join(folder, 'nl'), { recursive: true })
  })

  test('an unfinished language takes English plurals by English rules, in whichever order they are asked for', async () => {
    await addLanguage('cs', JSON.stringify({ language: { name: 'Čeština' }, words: { stop: [], start: [] } }))
    const czech = await createWording(folder)
    expect([0, 1, 2, 5, 1].map((count) => czech.word('cs', 'history.what.stamps', { count }))).toEqual([
      '+0 stamps',
      '+1 stamp',
      '+2 stamps',
      '+5 stamps',
      '+1 stamp',
    ])
    await rm(join(folder, 'cs'), { recursive: true })
  })

  test.each([
    ['xx', '{', 'locales/xx/chat.json'],
    ['xx', '{"language":{"name":"X"}}', 'locales/xx/chat.json'],
    ['pt-BR', '{}', 'name the folder by a primary language tag'],
  ])('a broken folder %s with %s is named with what is wrong', async (tag, content, message) => {
    await addLanguage(tag, content)
    await expect(createWording(folder)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(message),
    })
    await rm(join(folder, tag), { recursive: true })
  })

  test('without English nothing starts', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'locales-'))
    await expect(createWording(empty)).rejects.toMatchObject({ code: 'misconfigured' })
    await rm(empty, { recursive: true })
  })
})
