import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readGoals } from '../../src/loyalty/own/goals-in-words.js'
import { readPdf } from '../pictures/pdf-reading.js'
import { scan } from '../pictures/reading.js'
import { openCommandLine } from '../support/command-line.js'

const ANSWERS = {
  name: 'Bean & Leaf',
  language: 'uk',
  card: 'Кава',
  goals: '3: Печиво, 8: Безкоштовна кава',
  location: 'Центр',
  owner: 'Nina',
  login: 'nina@cafe.example',
}

const open = async () => {
  const line = await openCommandLine()
  const out = join(line.folder, 'posters')
  const init = (answers: Readonly<Record<string, string>> = ANSWERS) =>
    line.run('init', '--out', out, ...Object.entries(answers).flatMap(([name, answer]) => [`--${name}`, answer]))
  return { ...line, out, init }
}

describe('init', () => {
  test('opens a café whose card earns vouchers at once, with an owner who has a working key', async () => {
    const { init, foundation, businessId } = await open()
    const [row] = (await init()).rows
    const { caller } = (await foundation.access.authenticate(`Bearer ${row?.key}`, Date.now())) as {
      caller: { login: string; role: string }
    }
    expect(caller).toMatchObject({ login: 'nina@cafe.example', role: 'owner' })
    const [business] = await foundation.db.read(foundation.businesses.byId({ id: businessId }))
    expect(business).toMatchObject({ name: 'Bean & Leaf', language: 'uk' })
    const [template] = await foundation.db.read(foundation.own.cardTemplatesOf({ businessId }))
    expect(template).toMatchObject({
      title: 'Кава',
      goals: [
        { stamps: 3, reward: { kind: 'voucher', title: 'Печиво' } },
        { stamps: 8, reward: { kind: 'voucher', title: 'Безкоштовна кава' } },
      ],
    })
  })

  test('draws a poster for A4 whose code opens the chat of the location', async () => {
    const { init } = await open()
    const { poster, note } = (await init()).rows[0] ?? {}
    expect(poster).toMatch(/poster-loc_[0-9a-f]{32}\.pdf$/)
    const page = readPdf(readFileSync(String(poster)))
    const [code] = await scan(page.png(1240))
    expect(code).toMatch(/^QRCode http:\/\/localhost:\d+\/try\?start=j_loc_[0-9a-f]{32}$/)
    expect(page.title).toMatch(/^Bean & Leaf: Скануйте/)
    expect(note).toContain('PUBLIC_URL')
  })

  test('draws the poster of the location that it opens, also where there are others', async () => {
    const { init, run, out, foundation, businessId } = await open()
    // Its id comes first, whatever the id of the new one is.
    const other = { id: 'loc_0', businessId, externalId: 'l_1', name: 'Station', createdAt: 1 }
    await foundation.db.write(foundation.businesses.addLocation(other))
    const { rows } = await init()
    expect(rows).toMatchObject([{ owner: 'nina@cafe.example', location: 'Центр' }])
    expect(readdirSync(out)).toEqual([basename(String(rows[0]?.poster))])
    expect((await run('poster', '--out', out)).rows.map(({ location }) => location)).toEqual(['Station', 'Центр'])
  })

  test('makes nothing where the poster cannot be written', async () => {
    const { run, init, folder } = await open()
    const file = join(folder, 'a file')
    writeFileSync(file, '')
    const answers = Object.entries(ANSWERS).flatMap(([name, answer]) => [`--${name}`, answer])
    await expect(run('init', '--out', file, ...answers)).rejects.toThrow(`Nothing can be written into ${file}: `)
    expect((await init()).failed).toBeUndefined()
  })

  test('a second time it changes nothing, and posters can be drawn anew', async () => {
    const { init, run, out, foundation, businessId } = await open()
    await init()
    expect(await init({ ...ANSWERS, name: 'Other' })).toMatchObject({
      failed: true,
      empty: expect.stringContaining('set up already'),
    })
    const [business] = await foundation.db.read(foundation.businesses.byId({ id: businessId }))
    expect(business?.name).toBe('Bean & Leaf')
    expect((await run('poster', '--out', out)).rows).toHaveLength(1)
  })

  test('names the answer that is missing or wrong where nobody can be asked', async () => {
    const { init } = await open()
    const { owner: _owner, ...others } = ANSWERS
    await expect(init(others)).rejects.toThrow('--owner is missing')
    await expect(init({ ...ANSWERS, language: 'xx' })).rejects.toThrow('--language is not right')
    await expect(init({ ...ANSWERS, goals: 'coffee' })).rejects.toThrow('8: Free coffee')
    await expect(init({ ...ANSWERS, login: 'two words' })).rejects.toThrow('--login is not right')
  })
})

describe('goals in words', () => {
  test('are put in order, and a comma may be part of a reward', () => {
    expect(readGoals('8: Coffee, large, 3:Cookie')).toEqual([
      { stamps: 3, reward: 'Cookie' },
      { stamps: 8, reward: 'Coffee, large' },
    ])
  })

  test.each(['', 'Coffee', '0: Coffee', '8:', '8: A, 8: B', ':A'])('"%s" is none', (text) => {
    expect(readGoals(text)).toBeNull()
  })
})
