import { describe, expect, test } from 'vitest'
import { createWebStore, type NewWebMessage, type WebStore } from '../../bots/web/web-store.js'
import { systemClock } from '../../src/clock.js'
import type { Database } from '../../src/db/database.js'
import { openPostgres } from '../../src/db/postgres.js'
import { openSqlite } from '../../src/db/sqlite.js'
import { describeWith } from '../support/engines.js'
import { postgresMissing, startPostgres } from '../support/postgres-server.js'
import { openTestSqlite } from '../support/sqlite.js'

/** Two processes on one database. */
interface TwoProcesses {
  readonly one: Database
  readonly other: Database
  close(): Promise<void>
}

const storeSuite = (open: () => Promise<TwoProcesses>) => {
  const withStores = async (work: (one: WebStore, other: WebStore) => Promise<void>) => {
    const { one, other, close } = await open()
    try {
      const store = createWebStore(one)
      for (const address of ['anna', 'boris'])
        await store.addVisitor({ tokenHash: `hash of ${address}`, businessId: 'b_1', address, now: 1 })
      await work(store, createWebStore(other))
    } finally {
      await close()
    }
  }
  const message = (messageId: string, more: Partial<NewWebMessage> = {}): NewWebMessage => ({
    kind: 'message',
    messageId,
    body: { text: messageId },
    ...more,
  })

  test('numbers a visitor’s messages without a gap and shows none before a smaller one', () =>
    withStores(async (one, other) => {
      const seen: number[] = []
      let isDone = false
      const watch = async () => {
        while (!isDone || seen.length < 80) {
          for (const { seq } of await one.listMessages('anna', seen.at(-1) ?? 0, 7)) seen.push(seq)
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      const watching = watch()
      await Promise.all(
        Array.from({ length: 80 }, (_, n) => (n % 2 ? one : other).append('anna', message(`m${n}`))).concat(
          Array.from({ length: 20 }, (_, n) => one.append('boris', message(`m${n}`))),
        ),
      )
      isDone = true
      await watching
      expect(seen).toEqual(Array.from({ length: 80 }, (_, index) => index + 1))
      const lastSeqs = await one.lastSeqs(['anna', 'boris', 'nobody'])
      expect(new Map(lastSeqs.map(({ address, lastSeq }) => [address, lastSeq]))).toEqual(
        new Map([
          ['anna', 80],
          ['boris', 20],
        ]),
      )
    }))

  test('writes the same message once, however many processes write it at once', () =>
    withStores(async (one, other) => {
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, n) => (n % 2 ? one : other).append('anna', message('once'))),
      )
      expect(results.sort()).toEqual(['added', ...Array(9).fill('known')])
      expect(await one.append('anna', message('once', { kind: 'own' }))).toBe('added')
      expect((await one.listMessages('anna', 0, 10)).map(({ seq, kind }) => [seq, kind])).toEqual([
        [1, 'message'],
        [2, 'own'],
      ])
    }))

  test('keeps what was said as it was said', () =>
    withStores(async (one, other) => {
      const body = {
        text: 'Кава ☕️ 커피 "quoted" \\n',
        buttons: [[{ kind: 'copy', label: 'é', text: '' }]],
        none: null,
      }
      await one.append('anna', message('m1', { body }))
      expect((await other.listMessages('anna', 0, 1))[0]).toMatchObject({ body, editsMessageId: null })
    }))

  test('adds nothing for nobody, and edits nothing that is not there', () =>
    withStores(async (one) => {
      expect(await one.append('nobody', message('m1'))).toBe('no_visitor')
      expect(await one.append('anna', message('e1', { kind: 'edit', editsMessageId: 'm1' }))).toBe('nothing_to_edit')
      await one.append('boris', message('m1'))
      expect(await one.append('anna', message('e1', { kind: 'edit', editsMessageId: 'm1' }))).toBe('nothing_to_edit')
      expect(await one.listMessages('anna', 0, 10)).toEqual([])
    }))

  test('lays an edit of an edit on the message that both change', () =>
    withStores(async (one) => {
      await one.append('anna', message('m1'))
      await one.append('anna', message('e1', { kind: 'edit', editsMessageId: 'm1' }))
      await one.append('anna', message('e2', { kind: 'edit', editsMessageId: 'e1' }))
      expect((await one.listMessages('anna', 1, 10)).map(({ editsMessageId }) => editsMessageId)).toEqual(['m1', 'm1'])
    }))

  test('hides what the visitor wrote, in the past and as an edit that open pages show', () =>
    withStores(async (one, other) => {
      await one.append('anna', message('mine', { kind: 'own', body: { kind: 'text', text: '4829' } }))
      await one.append('anna', message('m1'))
      expect(await one.hide('anna', 'mine')).toBe(true)
      expect(await other.hide('anna', 'mine')).toBe(false)
      expect(await one.hide('anna', 'm1')).toBe(false)
      expect(await one.hide('nobody', 'mine')).toBe(false)
      const rows = await one.listMessages('anna', 0, 10)
      expect(rows.map(({ kind, editsMessageId, body }) => [kind, editsMessageId, body])).toEqual([
        ['own', null, { kind: 'text', text: '••••' }],
        ['message', null, { text: 'm1' }],
        ['edit', 'mine', { text: '••••' }],
      ])
      expect((await one.listUndelivered('anna', 9, 10)).map(({ messageId }) => messageId)).toEqual(['m1'])
    }))

  test('tells once which of the bot’s messages were delivered', () =>
    withStores(async (one) => {
      await one.append('anna', message('m1'))
      await one.append('anna', message('mine', { kind: 'own' }))
      await one.append('anna', message('m2'))
      expect((await one.listUndelivered('anna', 2, 10)).map(({ messageId }) => messageId)).toEqual(['m1'])
      await one.markDelivered('anna', 2, 5)
      expect((await one.listUndelivered('anna', 9, 10)).map(({ messageId }) => messageId)).toEqual(['m2'])
    }))
}

describe('the web chat’s store on SQLite', () => {
  storeSuite(async () => {
    const { db, path, close } = await openTestSqlite()
    const other = openSqlite(path, systemClock)
    return {
      one: db,
      other,
      close: async () => {
        await other.close()
        await close()
      },
    }
  })
})

describeWith('the web chat’s store on PostgreSQL', postgresMissing(), () => {
  storeSuite(async () => {
    const server = await startPostgres()
    const [one, other] = [await openPostgres(server.url, systemClock), await openPostgres(server.url, systemClock)]
    return {
      one,
      other,
      close: async () => {
        await Promise.all([one.close(), other.close()])
        await server.close()
      },
    }
  })
})
