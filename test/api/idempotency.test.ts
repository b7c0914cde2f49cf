import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createAnswerStore } from '../../src/api/answer-store.js'
import type { Answer } from '../../src/api/api-call.js'
import { createIdempotency } from '../../src/api/idempotency.js'
import { createSealing } from '../../src/business/sealing.js'
import { AppError } from '../../src/errors.js'
import { openApi, setUpProgramme } from './open-api.js'

const OLENA = { customer: { phone: '+380501112233' }, count: 1 }
const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } })

describe('a request with an Idempotency-Key', () => {
  test('is done once, and answered the same each time', async () => {
    const api = await openApi()
    const { call, ok } = api
    await setUpProgramme(api)
    const first = await call('POST', '/stamps', OLENA, keyed('a'))
    const again = await call('POST', '/stamps', OLENA, keyed('a'))
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect((await call('POST', '/stamps', OLENA, keyed('b'))).body.card.stamps).toBe(2)
    expect((await ok('GET', `/cards/${first.body.card.id}`)).stamps).toBe(2)
  })

  test('with another body is refused', async () => {
    const api = await openApi()
    await setUpProgramme(api)
    await api.ok('POST', '/stamps', OLENA, keyed('a'))
    expect(await api.call('POST', '/stamps', { ...OLENA, count: 2 }, keyed('a'))).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
    const other = await api.keyFor('cashier')
    expect((await api.call('POST', '/stamps', { ...OLENA, count: 2 }, { ...keyed('a'), key: other })).status).toBe(201)
  })

  test('is one, however often it comes at once: the others are told to wait', async () => {
    const api = await openApi()
    await setUpProgramme(api)
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.call('POST', '/stamps', OLENA, keyed('a'))))
    const waiting = answers.filter(({ status }) => status === 409)
    for (const { body, headers } of waiting) {
      expect(body.code).toBe('idempotency_key_in_use')
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(answers.filter(({ status }) => status === 201).length).toBe(10 - waiting.length)
    expect((await api.ok('GET', '/customers?phone=%2B380501112233')).data).toHaveLength(1)
    const [card] = (await api.ok('GET', '/cards?number=x')).data
    expect(card).toBeUndefined()
    const again = await api.ok('POST', '/stamps', OLENA, keyed('a'))
    expect(again.card.stamps_total).toBe(1)
  })

  test('that was refused may be sent again with the same key', async () => {
    const api = await openApi()
    expect((await api.call('POST', '/stamps', OLENA, keyed('a'))).body.code).toBe('no_card_template')
    await setUpProgramme(api)
    expect((await api.call('POST', '/stamps', OLENA, keyed('a'))).status).toBe(201)
  })

  test('whose answer was lost with its process is done again with the same ids, which finds it done', async () => {
    const { foundation } = await openApi()
    const { db, sealing } = foundation
    const idempotently = createIdempotency({ db, store: createAnswerStore(db), sealing })
    const request = { keyId: 'k', method: 'POST', path: '/x', idempotencyKey: 'a', body: {}, now: 1_000_000 }
    const seen: { key: string; mayBeDone: boolean }[] = []
    const work = async (key: string, mayBeDone: boolean): Promise<Answer> => {
      seen.push({ key, mayBeDone })
      return { status: 201, body: { n: seen.length } }
    }
    const died = idempotently(request, async (key, mayBeDone) => {
      seen.push({ key, mayBeDone })
      throw new Error('the process is gone')
    })
    await expect(died).rejects.toThrow('gone')
    await expect(idempotently(request, work)).rejects.toMatchObject({ code: 'idempotency_key_in_use' })
    const later = { ...request, now: request.now + 60_000 }
    expect(await idempotently(later, work)).toEqual({ status: 201, body: { n: 2 } })
    expect(seen.map(({ mayBeDone }) => mayBeDone)).toEqual([false, true])
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1)
    expect(await idempotently(later, work)).toMatchObject({ body: { n: 2 } })
  })

  test('that may be done, and is refused when it is repeated, keeps its ids for the try after that', async () => {
    const { foundation } = await openApi()
    const { db, sealing } = foundation
    const idempotently = createIdempotency({ db, store: createAnswerStore(db), sealing })
    const request = { keyId: 'k', method: 'POST', path: '/x', idempotencyKey: 'a', body: {}, now: 1_000_000 }
    const seen: string[] = []
    const failing = (error: Error) => async (key: string) => {
      seen.push(key)
      throw error
    }
    await expect(idempotently(request, failing(new Error('the process is gone')))).rejects.toThrow('gone')
    const later = { ...request, now: request.now + 60_000 }
    const refused = failing(new AppError('not_found', 'There is no such location.'))
    await expect(idempotently(later, refused)).rejects.toMatchObject({ code: 'not_found' })
    await idempotently({ ...later, now: later.now + 1 }, async (key, mayBeDone) => {
      seen.push(key)
      return { status: 201, body: { mayBeDone } }
    })
    expect(new Set(seen).size).toBe(1)
    expect(await idempotently(later, refused)).toMatchObject({ body: { mayBeDone: true } })
  })

  test('whose answer was sealed before the master key was changed is done again with the same ids', async () => {
    const { foundation } = await openApi()
    const { db, sealing } = foundation
    const store = createAnswerStore(db)
    const request = { keyId: 'k', method: 'POST', path: '/x', idempotencyKey: 'a', body: {}, now: 1_000_000 }
    const seen: { key: string; mayBeDone: boolean }[] = []
    const work = async (key: string, mayBeDone: boolean): Promise<Answer> => {
      seen.push({ key, mayBeDone })
      return { status: 201, body: { n: seen.length } }
    }
    await createIdempotency({ db, store, sealing })(request, work)
    const rotated = { ...createSealing(createSecretKey(Buffer.alloc(32, 9))), fingerprint: sealing.fingerprint }
    const idempotently = createIdempotency({ db, store, sealing: rotated })
    expect(await idempotently(request, work)).toEqual({ status: 201, body: { n: 2 } })
    expect(seen.map(({ mayBeDone }) => mayBeDone)).toEqual([false, true])
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1)
    expect(await idempotently(request, work)).toMatchObject({ body: { n: 2 } })
  })

  test('is another one after a day: what it asks for is done anew', async () => {
    let now = Date.UTC(2026, 4, 1, 9)
    const api = await openApi(() => now)
    await setUpProgramme(api)
    const first = await api.ok('POST', '/stamps', OLENA, keyed('receipt 1'))
    now += 25 * 3_600_000
    const second = await api.call('POST', '/stamps', OLENA, keyed('receipt 1'))
    expect([second.status, second.body.card.stamps_total]).toEqual([201, 2])
    expect(second.body.stamp.id).not.toBe(first.stamp.id)
    expect(await api.ok('POST', '/stamps', OLENA, keyed('receipt 1'))).toEqual(second.body)
  })

  test.each(['', 'x'.repeat(256)])('is refused with a key of %j', async (key) => {
    const { call } = await openApi()
    const got = await call('POST', '/customers', { phone: '+380501112233' }, keyed(key))
    expect([got.status, got.body.errors[0].field]).toEqual([422, 'Idempotency-Key'])
  })
})
