import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Bound, statement } from '../../src/db/database.js'
import { deliveryTables } from '../../src/deliveries/delivery-tables.js'
import { eventTables } from '../../src/events/event-tables.js'
import { type ImportCounts, importTables } from '../../src/loyalty/import/import-tables.js'
import { loyaltyTables } from '../../src/loyalty/loyalty-tables.js'
import { ownTables } from '../../src/loyalty/own/own-tables.js'
import { replay } from '../../src/loyalty/own/verify/replay.js'
import { openCommandLine } from '../support/command-line.js'

const CARD = {
  title: 'Coffee',
  goals: [{ stamps: 8, reward: { kind: 'award', title: 'Free coffee' } }],
  stamping: { kind: 'per_order' },
  afterLastGoal: 'start_over',
} as const

const NEVER = new AbortController().signal

type ImportLine = Awaited<ReturnType<typeof openWith>>

/** A command line with files; `card` makes the business's card first. */
const openWith = async (env: Readonly<Record<string, string>>, { card = true } = {}) => {
  const line = await openCommandLine(undefined, env)
  const { foundation, businessId, folder, run } = line
  if (card) await foundation.own.saveCardTemplate({ businessId, id: null, key: null, now: 1, rules: CARD })
  const write = (text: string | Buffer, name = 'people.csv'): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const { customers, cards } = foundation.db.tables(loyaltyTables)
  const { events } = foundation.db.tables(eventTables)
  const { stamps } = foundation.db.tables(ownTables)
  const { deliveries } = foundation.db.tables(deliveryTables)
  const { imports } = foundation.db.tables(importTables)
  const rowsOf = {
    customers: statement('all customers', (q) => q.select().from(customers)),
    cards: statement('all cards', (q) => q.select().from(cards)),
    events: statement('all events', (q) => q.select().from(events)),
    stamps: statement('all stamps', (q) => q.select().from(stamps)),
    deliveries: statement('all deliveries', (q) => q.select().from(deliveries)),
    imports: statement('all imports', (q) => q.select().from(imports)),
  }
  return {
    ...line,
    env,
    write,
    rowsOf,
    read: <R extends readonly unknown[]>(rows: Bound<R>) => foundation.db.read(rows),
    importFile: async (file: string, ...options: string[]) => {
      const printed = await run('import', file, ...options)
      return { ...printed, row: printed.rows[0] }
    },
    /** With a look at how far it has come behind each transaction. */
    importWith: (path: string, onProgress: (progress: { readonly counts: ImportCounts }) => void, signal = NEVER) =>
      foundation.importFile({
        businessId,
        path,
        errorsPath: `${path}.errors.csv`,
        templateId: null,
        asOf: null,
        isDryRun: false,
        signal,
        onProgress,
      }),
    customers: () => foundation.db.read(rowsOf.customers({})),
    cards: () => foundation.db.read(rowsOf.cards({})),
  }
}

const phones = (count: number): string =>
  `phone\n${Array.from({ length: count }, (_, i) => `+38050${1_000_000 + i}\n`).join('')}`

const errorsIn = (file: string): string[] => readFileSync(`${file}.errors.csv`, 'utf8').trimEnd().split('\n').slice(1)

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url))

const people = (count: number): string =>
  `phone,stamps,name\n${Array.from({ length: count }, (_, i) => `${i % 50 === 7 ? 'wrong' : `+38050${1_000_000 + i}`},${i % 9},"Guest\r\n${i}"\n`).join('')}`

/** What an import promises on every database; `envOf` gives the settings of an empty one. */
export const importContract = (name: string, envOf: () => Promise<Readonly<Record<string, string>>>): void => {
  const open = async (options: { readonly card?: boolean } = {}) => openWith(await envOf(), options)

  describe(`import: ${name}`, () => {
    describe('import', () => {
      test('takes 7stamp’s customers and cards over as its mirror, and tells nobody', async () => {
        const { importFile, write, customers, cards, read, rowsOf } = await open({ card: false })
        const file = write(
          'Customer ID;Wallet pass;Card ID;Stamps;Phone;E-Mail;Name;Birthday;Language;Notes\r\n' +
            'c_1;pass_1;card_1;5;+380 50 123 45 67;Nina@Cafe.Example;"Nina ""N""; K";1990-02-03;uk;regular\r\n',
        )
        const { row, failed } = await importFile(file)
        expect(failed).toBeUndefined()
        expect(row).toMatchObject({ state: 'finished', rows: 1, created: 1, wrong: 0, ignored_columns: 'Notes' })
        expect(await customers()).toMatchObject([
          {
            externalId: 'c_1',
            walletPassId: 'pass_1',
            phone: '+380501234567',
            email: 'nina@cafe.example',
            name: 'Nina "N"; K',
            birthday: '1990-02-03',
            language: 'uk',
          },
        ])
        expect(await cards()).toMatchObject([{ externalId: 'card_1', master: '7stamp', stamps: 5 }])
        expect(await read(rowsOf.deliveries({}))).toEqual([])
        expect(await read(rowsOf.events({}))).toEqual([])
      })

      test('reads the columns of 7stamp’s list of customer cards', async () => {
        const { importFile, write, customers, cards } = await open({ card: false })
        const file = write(
          'Customer ID,User,Card ID,Progress,Platform,Last stamp at\nc_1,Nina,113772,2/8,Apple,2026-05-11\n',
        )
        expect((await importFile(file)).row).toMatchObject({
          created: 1,
          wrong: 0,
          ignored_columns: 'Platform, Last stamp at',
        })
        expect(await customers()).toMatchObject([{ externalId: 'c_1', name: 'Nina' }])
        // True when the file was written: a stamp that it counts already is not added to it again.
        expect(await cards()).toMatchObject([
          { externalId: '113772', stamps: 2, countsAt: Math.floor(statSync(file).mtimeMs) },
        ])
      })

      test('makes cards of our own of rows without 7stamp’s card id, with a history that replays to the same rows', async () => {
        const { importFile, write, cards, read, rowsOf } = await open()
        const file = write(
          'phone,stamps,updated_at\n+380501234567,7,2026-05-11\n+380501234568,0,2026-05-11\n+380501234569,,\n',
        )
        expect((await importFile(file)).row).toMatchObject({ created: 3, wrong: 0 })
        const made = await cards()
        expect(made.map(({ master, stamps, stampsTotal }) => [master, stamps, stampsTotal])).toEqual(
          expect.arrayContaining([
            ['own', 7, 7],
            ['own', 0, 0],
          ]),
        )
        const events = await read(rowsOf.events({}))
        expect(events.map(({ name, state, origin }) => [name, state, origin])).toEqual([
          ['card_issued', 'applied', 'import'],
          ['stamp_added', 'applied', 'import'],
          ['card_issued', 'applied', 'import'],
        ])
        const { parseEvent } = await import('../../src/events/parse-event.js')
        const happened = events.map((event) => {
          const parsed = parseEvent(JSON.parse(event.body?.toString() ?? ''), event.receivedAt)
          if (parsed.kind !== 'event') throw new Error(parsed.kind)
          return { ...event, customerId: event.customerId ?? '', payload: parsed.event }
        })
        const replayed = replay(happened)
        expect([...replayed.cards.values()]).toEqual(expect.arrayContaining(made))
        expect([...replayed.stamps.values()]).toEqual(await read(rowsOf.stamps({})))
      })

      test('names every wrong cell in a list that repeats nothing of the rows', async () => {
        const { importFile, write, customers } = await open()
        const file = write(
          'phone,email,stamps,birthday,name\n' +
            '0501234567,nina@,x,1990-13-01,Secretname\n' +
            '+380501234567,,1,,"two\nlines"\n' +
            ',,3,,Nobody\n' +
            '+380501234568,,1\n' +
            '\n' +
            '+380501234569,,-1,,\n',
        )
        const printed = await importFile(file)
        expect(printed).toMatchObject({ failed: true, exitCode: 2 })
        expect(printed.row).toMatchObject({ rows: 5, created: 1, wrong: 4, wrong_lines: `${file}.errors.csv` })
        expect(errorsIn(file).map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
          '2 stamps',
          '2 phone',
          '2 email',
          '2 birthday',
          '5 ',
          '6 ',
          '8 stamps',
        ])
        expect(readFileSync(`${file}.errors.csv`, 'utf8')).not.toMatch(/Secretname|,0501234567|nina@,/)
        expect(await customers()).toMatchObject([{ name: 'two\nlines' }])
      })

      test('names a line with a NUL in it, which no text has', async () => {
        const { importFile, write } = await open()
        const name = 'Nina '.repeat(38).trim()
        const before = Array.from({ length: 400 }, (_, n) => `+380501234${String(100 + n)},${name}\n`)
        const file = write(`phone,name\n${before.join('')}+380501239999,Ni\0na\n`)
        expect(await importFile(file)).toMatchObject({ exitCode: 2, row: { created: 400, wrong: 1 } })
        expect(errorsIn(file)).toEqual(['402,,"The line has a NUL character in it: take it out."'])
      })

      test('the same file twice is imported once; a corrected one changes only what was wrong', async () => {
        const { importFile, write, customers, cards } = await open()
        const file = write('phone,stamps\n+380501234567,3\n12,4\n')
        expect((await importFile(file)).row).toMatchObject({ created: 1, wrong: 1 })
        expect((await importFile(file)).row).toMatchObject({ state: 'imported before', created: 1 })
        write('phone,stamps\n+380501234567,3\n+380501234568,4\n')
        expect((await importFile(file)).row).toMatchObject({ created: 1, unchanged: 1, wrong: 0 })
        expect(errorsIn(file)).toEqual([])
        expect(await customers()).toHaveLength(2)
        expect(await cards()).toHaveLength(2)
      })

      test('fills up who is known, by phone, email or id, and leaves what was said later', async () => {
        const { importFile, write, customers } = await open()
        await importFile(write('customer_id,phone,name,updated_at\nc_1,+380501234567,Later,2026-05-11\n', 'a.csv'))
        await importFile(
          write('phone,email,name,language\n+380501234567,n@cafe.example,Older,uk\n', 'b.csv'),
          '--as-of',
          '2026-01-01',
        )
        expect(await customers()).toMatchObject([{ name: 'Later', email: 'n@cafe.example', language: 'uk' }])
        await importFile(write('email,name\nN@CAFE.example,Newest\n', 'c.csv'))
        await importFile(write('customer_id,birthday\nc_1,--02-29\n', 'd.csv'))
        expect(await customers()).toMatchObject([{ externalId: 'c_1', name: 'Newest', birthday: '--02-29' }])
      })

      test('does not guess whom a row means', async () => {
        const { importFile, write, customers } = await open()
        await importFile(
          write(
            'customer_id,phone,email\nc_1,+380501234567,a@cafe.example\nc_2,+380501234567,b@cafe.example\n',
            'a.csv',
          ),
        )
        const file = write(
          'phone,email,name\n+380501234567,,X\n+380501234567,b@cafe.example,Bo\n+380501234568,,New\n',
          'b.csv',
        )
        expect((await importFile(file)).row).toMatchObject({ updated: 1, created: 1, wrong: 1 })
        expect(errorsIn(file)).toEqual(['2,phone,"Several customers have it: give a customer_id too."'])
        const other = write('phone,email\n+380501234568,a@cafe.example\n', 'c.csv')
        await importFile(other)
        expect(errorsIn(other)[0]).toContain('one customer’s and the email another’s')
        expect(await customers()).toHaveLength(3)
      })

      test('a card that has lived here keeps its own history', async () => {
        const { importFile, write, cards, foundation, businessId } = await open()
        await importFile(write('phone,stamps\n+380501234567,3\n', 'a.csv'))
        const [card] = await cards()
        await foundation.own.addStamps({
          businessId,
          cardId: card?.id ?? '',
          count: 1,
          amount: null,
          origin: 'api',
          by: { staffId: null, source: 'api' },
          byCustomerIds: [],
          key: null,
          receiptId: null,
          locationId: null,
          now: Date.now(),
        })
        const older = write('phone,stamps\n+380501234567,2\n', 'b.csv')
        expect((await importFile(older, '--as-of', '2026-01-01')).row).toMatchObject({ unchanged: 1, wrong: 0 })
        expect((await cards())[0]).toMatchObject({ stampsTotal: 4 })
      })

      test('brings nobody back who asked to be forgotten', async () => {
        const { importFile, write, customers, foundation } = await open()
        await importFile(write('customer_id,phone,email\nc_1,+380501234567,n@cafe.example\n', 'a.csv'))
        const [customer] = await customers()
        const { db, erasing } = foundation
        const id = customer?.id ?? ''
        await db.atomically(erasing.erasure.reads(id, [], Date.now()), (found, now) => ({
          writes: erasing.erasure.erase(id, [], found, now),
          result: undefined,
        }))
        const file = write(
          'customer_id,phone,email\nc_1,,\nc_9,+380501234567,\n,,n@cafe.example\n,+380501234568,\n',
          'b.csv',
        )
        expect((await importFile(file)).row).toMatchObject({ erased: 3, created: 1, wrong: 0 })
        expect((await customers()).filter(({ phone, email }) => phone !== null || email !== null)).toHaveLength(1)
      })

      test('brings nobody back who asks to be forgotten while it runs', async () => {
        const { importFile, importWith, write, customers, foundation } = await open()
        await importFile(write('phone\n+380501000500\n', 'a.csv'))
        const [customer] = await customers()
        const forget = () =>
          foundation.db.atomically(
            foundation.erasing.erasure.reads(customer?.id ?? '', [], Date.now()),
            (found, now) => ({
              writes: foundation.erasing.erasure.erase(customer?.id ?? '', [], found, now),
              result: undefined,
            }),
          )
        let forgotten: Promise<void> | undefined
        const outcome = await importWith(write(phones(600), 'b.csv'), () => {
          forgotten ??= forget()
        })
        await forgotten
        expect(outcome).toMatchObject({ counts: { created: 599, erased: 1 } })
        expect((await customers()).filter(({ phone }) => phone === '+380501000500')).toEqual([])
      })

      test('a dry run says what would come of it and keeps nothing', async () => {
        const { importFile, write, customers, read, rowsOf } = await open()
        const file = write('phone,stamps\n+380501234567,3\nx,1\n')
        expect((await importFile(file, '--dry-run')).row).toMatchObject({ created: 1, wrong: 1 })
        expect(errorsIn(file)).toHaveLength(1)
        expect(await customers()).toEqual([])
        expect(await read(rowsOf.imports({}))).toEqual([])
        expect((await importFile(file)).row).toMatchObject({ created: 1 })
      })
    })

    describe('import refuses', () => {
      const refused: readonly (readonly [string, string | Buffer, RegExp])[] = [
        ['an empty file', '', /is empty/],
        ['a file without a header', '+380501234567,3\n', /must name the columns/],
        ['two columns that mean the same', 'phone,Mobile\n1,2\n', /"phone" and "Mobile" both mean phone/],
        ['UTF-16', Buffer.from('\uFEFFphone\n+380501234567\n', 'utf16le'), /UTF-16/],
        ['an unclosed header', 'phone,"name\n', /quote in it is opened/],
      ]
      test.each(refused)('%s', async (_what, text, sentence) => {
        const { importFile, write } = await open()
        const printed = await importFile(write(text))
        expect(printed).toMatchObject({ failed: true, rows: [], empty: expect.stringMatching(sentence) })
      })

      test('stamps where there is no card for them', async () => {
        const { importFile, write } = await open({ card: false })
        expect((await importFile(write('phone,stamps\n+380501234567,3\n'))).empty).toContain('make a card template')
        const file = write('customer_id,card_id,phone,stamps\nc_1,card_1,,3\n,,+380501234567,3\n', 'b.csv')
        expect((await importFile(file)).row).toMatchObject({ created: 1, wrong: 1 })
        expect(errorsIn(file)[0]).toMatch(/^3,stamps,/)
      })

      test('a file that is not there, a folder, and a list of wrong lines over the file itself', async () => {
        const { importFile, write, folder } = await open()
        expect((await importFile(join(folder, 'none.csv'))).empty).toContain('cannot be opened')
        expect((await importFile(folder)).empty).toContain('cannot be opened')
        const file = write('phone\n+380501234567\n')
        expect((await importFile(file, '--errors', file)).empty).toContain('another name')
        expect(readFileSync(file, 'utf8')).toContain('+380501234567')
      })

      test('a template and a time that are none', async () => {
        const { importFile, write } = await open()
        const file = write('phone\n+380501234567\n')
        expect((await importFile(file, '--template', 'ct_1')).empty).toContain('no such card template')
        await expect(importFile(file, '--as-of', 'yesterday')).rejects.toThrow('--as-of')
        await expect(importFile(file, '--fast')).rejects.toThrow('import <file.csv>')
      })
    })

    test('a BOM, tabs, old line ends and a last line without one are read', async () => {
      const { importFile, write, customers } = await open()
      await importFile(write('\uFEFFphone\tname\r+380501234567\tÜmit\r+380501234568\tBo', 'a.csv'))
      expect((await customers()).map(({ name }) => name).sort()).toEqual(['Bo', 'Ümit'])
    })

    describe('the transactions of an import', () => {
      const mostRowsAtOnce = async ({ importWith, write }: ImportLine): Promise<number> => {
        const rows = [0]
        await importWith(write(phones(4_000)), ({ counts }) => rows.push(counts.rows))
        return Math.max(...rows.slice(1).map((count, index) => count - (rows[index] ?? 0)))
      }

      test('are short while the program runs beside it', async () => {
        const line = await open()
        await line.foundation.holdLease('anything', 'the program', 40_000)
        expect(await mostRowsAtOnce(line)).toBeLessThanOrEqual(500)
      })

      test('are long while nobody waits for them', async () => {
        expect(await mostRowsAtOnce(await open())).toBeGreaterThan(500)
      })
    })

    describe('an import that does not come to its end', () => {
      /** Stops behind the first chunk, as Ctrl-C does. */
      const stopEarly = ({ importWith }: ImportLine, path: string) => {
        const controller = new AbortController()
        return importWith(path, () => controller.abort(), controller.signal)
      }

      test('goes on where it stopped: nothing is lost, nothing doubled, and so is the list of wrong lines', async () => {
        const line = await open()
        const file = line.write(people(600))
        expect(await stopEarly(line, file)).toMatchObject({ kind: 'stopped', sentence: null, counts: { rows: 100 } })
        // A kill between writing the list and committing leaves more on it; one before leaves less.
        writeFileSync(`${file}.errors.csv`, `${readFileSync(`${file}.errors.csv`, 'utf8')}9999,phone,"torn`)
        const { row } = await line.importFile(file)
        expect(row).toMatchObject({ state: 'finished', rows: 600, created: 588, wrong: 12, resumed_at_line: 202 })
        expect(errorsIn(file).map((each) => Number(each.split(',')[0]))).toEqual(
          Array.from({ length: 12 }, (_, i) => 2 + 2 * (7 + 50 * i)),
        )
        expect(await line.customers()).toHaveLength(588)
        expect(await line.read(line.rowsOf.stamps({}))).toHaveLength(
          (await line.cards()).filter(({ stamps }) => stamps).length,
        )
      })

      test('says that the file has changed since, and begins it anew without doubling anybody', async () => {
        const line = await open()
        const file = line.write(people(600))
        await stopEarly(line, file)
        line.write(people(601))
        expect((await line.importFile(file)).row).toMatchObject({
          resumed_at_line: null,
          changed_since_line: 202,
          created: 491,
          unchanged: 98,
          rows: 601,
        })
        expect(await line.customers()).toHaveLength(589)
      })

      test('stops when the file changes under its hands', async () => {
        const line = await open()
        const file = line.write(people(2_000))
        const outcome = await line.importWith(file, () => truncateSync(file, 30_000))
        expect(outcome).toMatchObject({ kind: 'stopped', sentence: expect.stringContaining('was changed') })
      })

      test('keeps what could be read of a file with an open quote, and says where it is', async () => {
        const { importFile, write, customers } = await open()
        const file = write('phone,name\n+380501234567,Nina\n+380501234568,"Bo\n+380501234569,Max\n')
        const { row, failed } = await importFile(file)
        expect(failed).toBe(true)
        expect(row).toMatchObject({ state: expect.stringContaining('From line 3'), created: 1 })
        expect(await customers()).toHaveLength(1)
      })

      test('loses no wrong line on a full disk', async () => {
        const { importFile, write } = await open()
        const file = write('phone\nx\n+380501234567\n')
        const { row, failed } = await importFile(file, '--errors', '/dev/full')
        expect(failed).toBe(true)
        expect(row?.state).toContain('has no room')
        expect((await importFile(file)).row).toMatchObject({ created: 1, wrong: 1 })
        expect(errorsIn(file)).toHaveLength(1)
      })

      test('two at once do nothing twice', async () => {
        const line = await open()
        const file = line.write(people(600))
        copyFileSync(file, `${file}.copy`)
        const outcomes = await Promise.all([line.importFile(file), line.importFile(`${file}.copy`)])
        expect(outcomes.filter(({ failed }) => !failed).length).toBeLessThanOrEqual(1)
        await line.importFile(file)
        expect(await line.customers()).toHaveLength(588)
      })

      test('killed without a word again and again, it comes to the end with everybody once', async () => {
        const line = await open()
        const file = line.write(people(3_000))
        let kills = 0
        for (let killAfterMs = 700; ; killAfterMs *= 1.4) {
          const program = spawn(process.execPath, [CLI, 'import', file, '--json'], {
            env: { ...process.env, DATA_DIR: line.folder, DEMO: '0', ...line.env },
            stdio: 'ignore',
          })
          const kill = setTimeout(() => program.kill('SIGKILL'), killAfterMs)
          const [code] = await once(program, 'exit')
          clearTimeout(kill)
          if (code !== null) break
          kills++
        }
        expect(kills).toBeGreaterThan(0)
        const { row } = await line.importFile(file)
        expect(row).toMatchObject({ state: 'imported before', rows: 3_000, created: 2_940, wrong: 60 })
        expect(errorsIn(file)).toHaveLength(60)
        expect(await line.customers()).toHaveLength(2_940)
      }, 60_000)
    })
  })
}
