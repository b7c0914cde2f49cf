import { createSecretKey } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sealedBody } from '../../bots/chats/sealed-updates.js'
import { createSealing } from '../../src/business/sealing.js'
import { type CommandLine, openCommandLine } from '../support/command-line.js'

const open = async () => {
  const line = await openCommandLine()
  const { foundation, businessId, folder, run } = line
  const rules = {
    title: 'Coffee',
    goals: [{ stamps: 8, reward: { kind: 'award', title: 'Free coffee' } }],
    stamping: { kind: 'per_order' },
    afterLastGoal: 'start_over',
  } as const
  await foundation.own.saveCardTemplate({ businessId, id: null, key: null, now: 1, rules })
  const inFolder = (name: string) => join(folder, name)
  return {
    ...line,
    inFolder,
    importText: async (text: string) => {
      writeFileSync(inFolder('in.csv'), text)
      return (await run('import', inFolder('in.csv'))).rows[0]
    },
    exported: async (table: string) => {
      const out = inFolder(`${table}.csv`)
      const printed = await run(`export ${table}`, '--out', out)
      return { printed, lines: readFileSync(out, 'utf8').trimEnd().split('\r\n') }
    },
  }
}

describe('export of tables', () => {
  test('is read again as it was', async () => {
    const { importText, exported } = await open()
    await importText('phone,name,birthday\n+380501234567,"=1+1; ""x""",--02-29\n+380501234568,-Bo,1990-05-17\n')
    const { lines } = await exported('customers')
    expect(await importText(lines.join('\r\n'))).toMatchObject({ rows: 2, updated: 0, unchanged: 2, wrong: 0 })
  })

  test('writes every customer, and nothing that a spreadsheet would compute', async () => {
    const { importText, exported } = await open()
    await importText('phone,name,birthday\n+380501234567,"=1+1; ""x""",--02-29\n+380501234568,-Bo,\n')
    const { printed, lines } = await exported('customers')
    expect(printed.rows).toMatchObject([{ rows: 2 }])
    expect(lines[0]).toBe('id,customer_id,wallet_pass_id,phone,email,name,birthday,language,created_at')
    expect(lines.find((line) => line.includes('4567'))).toContain(`,+380501234567,,"'=1+1; ""x""",--02-29,`)
    expect(lines.find((line) => line.includes('4568'))).toContain(",'-Bo,")
  })

  test('pages through many rows, and what it wrote can be imported elsewhere', async () => {
    const { importText, exported } = await open()
    const rows = Array.from({ length: 1_203 }, (_, i) => `+38050${1_000_000 + i},${i % 11}\n`).join('')
    await importText(`phone,stamps\n${rows}`)
    const { printed, lines } = await exported('cards')
    expect(printed.rows).toMatchObject([{ rows: 1_203 }])
    expect(new Set(lines).size).toBe(1_204)
    const elsewhere = await open()
    expect(await elsewhere.importText(lines.join('\n'))).toMatchObject({ created: 1_203, wrong: 0 })
    const again = await elsewhere.exported('cards')
    const stampsOf = (all: readonly string[]) =>
      all
        .slice(1)
        .map((line) => line.split(',').slice(3, 8).join())
        .sort()
    expect(stampsOf(again.lines)).toEqual(stampsOf(lines))
  })

  test('writes vouchers with their state', async () => {
    const { importText, exported, run, foundation, businessId, inFolder } = await open()
    await importText('phone\n+380501234567\n')
    await run('export customers', '--out', inFolder('c.csv'))
    const customerId = readFileSync(inFolder('c.csv'), 'utf8').split('\r\n')[1]?.split(',')[0] ?? ''
    await foundation.own.issueVoucher({
      businessId,
      customerId,
      cardId: null,
      offer: {
        templateId: null,
        title: 'Free cake',
        description: null,
        redeemCode: null,
        formats: ['qr'],
        validity: { kind: 'unlimited' },
        redemption: 'staff',
      },
      key: null,
      origin: 'api',
      locationId: null,
      now: Date.parse('2026-05-11'),
    })
    const { lines } = await exported('vouchers')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain(`,${customerId},+380501234567,,,Free cake,`)
    expect(lines[1]).toMatch(/,active,2026-05-11T00:00:00.000Z,,own$/)
  })

  test('writes over nothing, and keeps no half of a file', async () => {
    const { run, inFolder } = await open()
    writeFileSync(inFolder('there.csv'), 'mine')
    expect((await run('export cards', '--out', inFolder('there.csv'))).empty).toContain('is there already')
    expect(readFileSync(inFolder('there.csv'), 'utf8')).toBe('mine')
    expect((await run('export cards', '--out', inFolder('no/file.csv'))).empty).toContain('folder is not there')
    await expect(run('export cards')).rejects.toThrow('--out <file.csv>')
  })

  test('stops without a file', async () => {
    const { foundation, businessId, inFolder, importText } = await open()
    await importText('phone\n+380501234567\n')
    const path = inFolder('stopped.csv')
    const asked = { businessId, table: 'customers', path, signal: AbortSignal.abort(), onProgress: () => {} } as const
    expect(await foundation.exportTable(asked)).toEqual({ kind: 'stopped' })
    expect(existsSync(path)).toBe(false)
  })
})

const keyThatIsGone = () => createSecretKey(Buffer.alloc(32, 7))

/** The customer c_1 says something in a chat that cannot be answered; it is kept under the master key, or what `sealing` has. */
const leavesUnanswered = async (
  { run, foundation, businessId }: Pick<CommandLine, 'run' | 'foundation' | 'businessId'>,
  body: { readonly text: string },
  sealing = foundation.sealing,
) => {
  const { document } = await run('export customer', 'c_1')
  const { customer: customerId } = document as { customer: string }
  const { chats, db } = foundation
  const update = { lane: 'telegram:b_1', updateId: 'u_1', address: '501', seq: 1, state: 'dead' as const }
  await db.write(
    chats.addChat({
      ...{ id: 'chat_1', businessId, lane: update.lane, messenger: 'telegram', address: '501', isPrivate: true },
      ...{ role: 'customer', customerId, dialogue: null, guesses: 0, guessesSince: 0, lastSeenAt: 1, createdAt: 1 },
    }),
    chats.addUpdate({
      ...{ ...update, body: sealedBody(sealing, { ...update, body }) },
      ...{ attempts: 5, dueAt: 1, receivedAt: 1 },
    }),
  )
}

describe('export of one person', () => {
  test('prints all that is held, found by our id and by 7stamp’s', async () => {
    const { importText, run } = await open()
    await importText('customer_id,phone,stamps\nc_1,+380501234567,3\n')
    const { document } = await run('export customer', 'c_1')
    expect(document).toMatchObject({
      held: {
        profile: [{ external_id: 'c_1', phone: '+380501234567' }],
        cards: [{ stamps: 3, master: 'own' }],
        stamps: [{ count: 3, source: 'import' }],
        events: [{ name: 'card_issued' }, { name: 'stamp_added' }],
      },
      left_out: expect.arrayContaining([expect.stringContaining('secrets')]),
    })
    const id = (document as { customer: string }).customer
    expect((await run('export customer', id)).document).toEqual(document)
  })

  test('says what they wrote that nobody could answer, though it is kept sealed', async () => {
    const { importText, run, foundation, businessId } = await open()
    await importText('customer_id,phone,stamps\nc_1,+380501234567,3\n')
    const said = { text: 'what nobody could answer' }
    await leavesUnanswered({ run, foundation, businessId }, said)
    const { document: exported } = await run('export customer', 'c_1')
    expect(exported).toMatchObject({ held: { updates: [{ update_id: 'u_1', body: said }] } })
  })

  test('still prints the rest if something of it was sealed with a key that is gone', async () => {
    const { importText, run, foundation, businessId } = await open()
    await importText('customer_id,phone,stamps\nc_1,+380501234567,3\n')
    await leavesUnanswered({ run, foundation, businessId }, { text: 'hello' }, createSealing(keyThatIsGone()))
    expect((await run('export customer', 'c_1')).document).toMatchObject({
      held: { profile: [{ external_id: 'c_1' }], updates: [{ update_id: 'u_1', body: null }] },
    })
  })

  test('says that there is nobody', async () => {
    const { run } = await open()
    expect(await run('export customer', 'c_9')).toMatchObject({ failed: true, empty: expect.stringContaining('c_9') })
  })
})
