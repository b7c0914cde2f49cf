import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type CommandLine, openCommandLine } from '../support/command-line.js'
import { ownRows } from '../support/own-rows.js'

const CARD = {
  title: 'Coffee',
  goals: [{ stamps: 8, reward: { kind: 'award', title: 'Free coffee' } }],
  stamping: { kind: 'per_order' },
  afterLastGoal: 'start_over',
} as const

const HEADER = 'customer_id,card_id,stamps\n'

/** A café whose mirror knows these cards of 7stamp's (`customer_id,card_id,stamps`), with a template of its own. */
const open = async (mirrored = 'c_1,card_1,5\n') => {
  const line = await openCommandLine()
  const { foundation, businessId, folder, run } = line
  const save = { businessId, id: null, key: null, now: 1, rules: CARD }
  const saved = await foundation.own.saveCardTemplate(save)
  if (saved.kind !== 'saved') throw new Error(saved.reason)
  const template = saved.template.id
  const write = (text: string, name = 'export.csv'): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  await run('import', write(HEADER + mirrored, 'mirror.csv'))
  return {
    ...line,
    template,
    write,
    adopt: (file: string, ...options: string[]) => run('adopt', '--template', template, '--export', file, ...options),
    cards: async () => (await ownRows(foundation.db)).cards,
    reportOf: (file: string) => readFileSync(`${file}.adopt.csv`, 'utf8').trimEnd().split('\r\n'),
  }
}

describe('adopt', () => {
  test('writes a line for each card, and ends with 2 if some were left', async () => {
    const { adopt, write, reportOf } = await open('c_1,card_1,5\nc_2,card_2,\n')
    const file = write(`${HEADER}c_1,card_1,5\nc_3,card_3,1\n`)
    expect(await adopt(file, '--yes')).toMatchObject({
      failed: true,
      exitCode: 2,
      rows: [{ cards: 1, left_at_7stamp: 1 }],
    })
    expect(reportOf(file)).toEqual([
      'card_id,customer_id,state,mirror_stamps,export_stamps,stamps,note',
      expect.stringMatching(/^card_2,c_2,unknown,,,,/),
      expect.stringMatching(/^card_3,c_3,only_in_export,,1,,/),
      'card_1,c_1,adopted,5,5,5,',
    ])
    const all = write(`${HEADER}c_1,card_1,5\n`, 'all.csv')
    expect(await adopt(all, '--yes', '--unknown-as-zero')).toMatchObject({ rows: [{ cards: 1, left_at_7stamp: 0 }] })
    const report = reportOf(all)
    expect(await adopt(all, '--yes')).toMatchObject({ rows: [], empty: expect.stringContaining('all are your own') })
    expect(reportOf(all)).toEqual(report)
  })

  test('asks whether you are sure', async () => {
    const { adopt, run, write, cards } = await open()
    await expect(adopt(write(`${HEADER}c_1,card_1,5\n`))).rejects.toThrow('--yes is missing')
    await expect(run('adopt', '--undo')).rejects.toThrow('--yes is missing')
    expect(await cards()).toMatchObject([{ master: '7stamp' }])
  })

  test('shows what was adopted, in the audit log too', async () => {
    const { adopt, run, write, template } = await open()
    await adopt(write(`${HEADER}c_1,card_1,5\n`), '--yes')
    expect((await run('adopt', '--status')).rows).toMatchObject([
      { template, state: 'adopted', cards: 1, vouchers: 0, late_events: 0, undo_until: expect.any(String) },
    ])
    expect(await run('adopt', '--undo', '--yes', '--report', write(''))).toMatchObject({
      rows: [{ state: 'undone', cards: 1 }],
    })
    expect((await run('adopt', '--status')).rows).toMatchObject([{ state: 'undone', undo_until: null }])
    // Begun and finished, and the same of the undo.
    expect((await run('audit verify')).rows).toMatchObject([{ state: 'whole', entries: 4 }])
  })
})

describe('adopt refuses', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['an empty export', '', /is empty/],
    ['one with a header alone', HEADER, /no line with a card/],
    ['one without card ids', 'customer_id,stamps\nc_1,5\n', /no column of card ids/],
    ['one without customer ids', 'phone,card_id,stamps\n+380501234567,card_1,5\n', /no column of customer ids/],
    ['one that cannot be read to its end', `${HEADER}c_1,card_1,"5\n`, /line 2/],
  ]
  test.each(refused)('%s', async (_what, text, sentence) => {
    const { adopt, write, cards } = await open()
    expect(await adopt(write(text), '--yes')).toMatchObject({
      failed: true,
      rows: [],
      empty: expect.stringMatching(sentence),
    })
    expect(await cards()).toMatchObject([{ master: '7stamp' }])
  })

  test('a template that is not there, and one of another business', async () => {
    const { foundation, run, write, adopt } = await open()
    const file = write(`${HEADER}c_1,card_1,5\n`)
    const on = (template: string) => run('adopt', '--template', template, '--export', file, '--yes')
    expect((await on('ct_none')).empty).toContain('There is no card template ct_none')
    const other = { businessId: 'b_other', id: null, key: null, now: 1, rules: CARD }
    const saved = await foundation.own.saveCardTemplate(other)
    if (saved.kind !== 'saved') throw new Error(saved.reason)
    expect((await on(saved.template.id)).empty).toContain('another business’s')
    expect((await adopt('/none.csv', '--yes')).empty).toContain('cannot be opened')
    expect((await adopt(file, '--yes', '--report', '/none/report.csv')).empty).toContain(
      'name another place by --report',
    )
  })

  test('words and options that do not go together, and an undo of nothing', async () => {
    const { run, adopt, write } = await open()
    await expect(run('adopt')).rejects.toThrow('adopt --template')
    await expect(run('adopt', '--undo', '--status')).rejects.toThrow('adopt --template')
    await expect(adopt(write(HEADER), '--as-of', 'soon')).rejects.toThrow('--as-of')
    expect(await run('adopt', '--undo', '--yes', '--report', write(''))).toMatchObject({
      failed: true,
      empty: expect.stringContaining('Nothing was adopted'),
    })
  })

  test('two lines that say different things of a card: the first counts, and the report names the other', async () => {
    const { adopt, write, reportOf, cards } = await open()
    const file = write(`${HEADER}c_1,card_1,5\nc_1,card_1,5\nc_1,card_1,7\n`)
    expect(await adopt(file, '--yes')).toMatchObject({ exitCode: 2, rows: [{ cards: 1, wrong_lines: 1 }] })
    expect(reportOf(file)[1]).toContain('line 4: An earlier line says something else')
    expect(await cards()).toMatchObject([{ stamps: 5 }])
  })
})

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url))
const GUESTS = 2_000

const guests = (stamps: (guest: number) => number): string =>
  Array.from({ length: GUESTS }, (_, guest) => `c_${guest},card_${guest},${stamps(guest)}\n`).join('')

describe('an adoption that does not come to its end', () => {
  /** Kills the command again and again, a little later each time, until it ends by itself. */
  const killedUntilDone = async ({ folder }: CommandLine, ...words: readonly string[]) => {
    let kills = 0
    for (let killAfterMs = 500; ; killAfterMs += 100) {
      const program = spawn(process.execPath, [CLI, 'adopt', ...words, '--yes', '--json'], {
        env: { ...process.env, DATA_DIR: folder, DEMO: '0' },
        stdio: 'ignore',
      })
      const kill = setTimeout(() => program.kill('SIGKILL'), killAfterMs)
      const [code] = await once(program, 'exit')
      clearTimeout(kill)
      if (code !== null) return { kills, code }
      kills++
    }
  }

  test('killed without a word again and again, it adopts everybody once, and is undone the same way', async () => {
    const line = await open(guests(() => 5))
    const { foundation, businessId, template, write, cards, reportOf, folder } = line
    const before = await cards()
    const file = write(HEADER + guests((guest) => guest % 8))
    const adopted = await killedUntilDone(line, '--template', template, '--export', file)
    expect(adopted).toMatchObject({ code: 0 })
    expect(adopted.kills).toBeGreaterThan(0)
    const after = await cards()
    expect(after.filter(({ master }) => master === 'own')).toHaveLength(GUESTS)
    for (const { externalId, stampsTotal } of after) expect(stampsTotal).toBe(Number(externalId?.slice(5)) % 8)
    expect(new Set(reportOf(file)).size).toBe(GUESTS + 1)
    expect(await foundation.verifying.own(businessId)).toMatchObject({ kind: 'same', cards: GUESTS })
    expect((await line.run('adopt', '--status')).rows).toMatchObject([{ state: 'adopted', cards: GUESTS }])

    const undone = await killedUntilDone(line, '--undo', '--report', join(folder, 'undo.csv'))
    expect(undone).toMatchObject({ code: 0 })
    expect(await cards()).toEqual(before)
    expect(await foundation.verifying.own(businessId)).toMatchObject({ kind: 'same', cards: 0 })
  }, 120_000)

  test('goes on where it was stopped, and may be undone instead', async () => {
    const line = await open(guests(() => 5))
    const { foundation, businessId, template, write, cards, folder } = line
    const file = write(HEADER + guests(() => 6))
    const controller = new AbortController()
    const stopped = await foundation.adopting.adoptCards({
      businessId,
      templateId: template,
      exportPath: file,
      reportPath: `${file}.adopt.csv`,
      asOf: null,
      isUnknownZero: false,
      isDryRun: false,
      now: Date.now(),
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(stopped).toMatchObject({ kind: 'stopped' })
    expect((await line.run('adopt', '--status')).rows).toMatchObject([{ state: 'stopped half-way' }])
    const other = await foundation.own.saveCardTemplate({ businessId, id: null, key: 'tea', now: 1, rules: CARD })
    if (other.kind !== 'saved') throw new Error(other.reason)
    const onto = await line.run('adopt', '--template', other.template.id, '--export', file, '--yes')
    expect(onto).toMatchObject({ failed: true, empty: expect.stringContaining('begun and not finished') })
    const undo = await line.run('adopt', '--undo', '--yes', '--report', join(folder, 'undo.csv'))
    expect(undo.rows).toMatchObject([{ state: 'undone' }])
    expect((await cards()).every(({ master }) => master === '7stamp')).toBe(true)
    expect((await line.adopt(file, '--yes')).rows).toMatchObject([{ state: 'adopted', cards: GUESTS }])
  }, 60_000)
})
