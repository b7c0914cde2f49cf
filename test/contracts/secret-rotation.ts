import { createSecretKey } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createChatStore } from '../../bots/chats/chat-store.js'
import { openedBody, openedIfReadable, sealedBody, sealedOfUpdates } from '../../bots/chats/sealed-updates.js'
import { createBusinessStore } from '../../src/business/business-store.js'
import { createConnections } from '../../src/business/connections.js'
import { openSealing } from '../../src/business/open-sealing.js'
import { rotateSecrets } from '../../src/business/rotate-secrets.js'
import { createSealing } from '../../src/business/sealing.js'
import { webhookSecretPlace } from '../../src/business/webhook-admissions.js'
import type { Database } from '../../src/db/database.js'
import { sealedOfSubscriptions, secretsOf } from '../../src/subscriptions/secrets.js'
import { subscriptionSecretPlace } from '../../src/subscriptions/subscription.js'
import { createSubscriptionStore } from '../../src/subscriptions/subscription-store.js'
import { flaky } from '../support/flaky-database.js'

const keyOf = (seed: number) => createSecretKey(Buffer.alloc(32, seed))
const BUSINESS = {
  id: 'b_1',
  name: 'Café',
  language: 'en',
  timeZone: 'UTC',
  currency: 'EUR',
  logo: null,
  color: '#7a4a2b',
  contact: null,
  privacyUrl: null,
  cardLink: null,
  externalId: null,
  parentId: null,
  webhookTokenHash: null,
  createdAt: 0,
}

const SUBSCRIPTION = {
  id: 'sub_1',
  businessId: 'b_1',
  url: 'https://hooks.example.com/',
  lane: 'hook:hooks.example.com',
  events: null,
  includeContact: false,
  formerUntil: 1,
  isAlerted: false,
  createdAt: 0,
}

const UPDATE = {
  ...{ lane: 'telegram:b_1', updateId: 'u_1', address: '700', seq: 1, state: 'pending' as const },
  ...{ attempts: 0, dueAt: 0, receivedAt: 0 },
}

/** Another master key for all that is stored, on every database. */
export const secretRotationContract = (
  name: string,
  open: () => Promise<{ readonly db: Database; close(): Promise<void> }>,
) => {
  describe(`a change of the master key on ${name}`, () => {
    let db: Database
    let close: () => Promise<void>
    beforeEach(async () => {
      const opened = await open()
      db = opened.db
      close = opened.close
    })
    afterEach(() => close())

    const rotate = (former: number, next: number, on = db) =>
      rotateSecrets(on, keyOf(former), keyOf(next), {
        subscriptions: sealedOfSubscriptions(db),
        updates: sealedOfUpdates(db),
      })

    /** What a start with this key makes of the stored secrets. */
    const readWith = async (seed: number) => {
      const sealing = await openSealing(db, keyOf(seed))
      const store = createBusinessStore(db)
      const [business] = await db.read(store.byId({ id: 'b_1' }))
      const [hook] = await db.read(createSubscriptionStore(db).byId({ businessId: 'b_1', id: 'sub_1' }))
      return {
        hook: hook && secretsOf(sealing, hook, 0),
        updates: (await db.read(createChatStore(db).pendingUpdates({ lane: UPDATE.lane, now: 0, limit: 9 }))).map(
          (update) => openedBody(sealing, update),
        ),
        telegram: (await createConnections(db, store, sealing).of('b_1')).get('telegram'),
        webhookSecret: sealing.open(webhookSecretPlace('b_1'), business?.webhookSecret ?? ''),
        fingerprint: sealing.fingerprint('of a phone number'),
      }
    }
    const storeSecrets = async () => {
      const sealing = await openSealing(db, keyOf(1))
      const store = createBusinessStore(db)
      const webhookSecret = sealing.seal(webhookSecretPlace('b_1'), 'whsec_abc')
      await db.write(
        store.add({ ...BUSINESS, webhookSecret }),
        createSubscriptionStore(db).add({
          ...SUBSCRIPTION,
          secret: sealing.seal(subscriptionSecretPlace('sub_1', 'secret'), 'whsec_new'),
          formerSecret: sealing.seal(subscriptionSecretPlace('sub_1', 'former_secret'), 'whsec_former'),
        }),
        createChatStore(db).addUpdate({ ...UPDATE, body: sealedBody(sealing, { ...UPDATE, body: { text: '4829' } }) }),
        createChatStore(db).addUpdate({ ...UPDATE, updateId: 'u_before', seq: 2, body: { text: 'not sealed yet' } }),
        createConnections(db, store, sealing).save('b_1', 'telegram', { token: '1:AA' }, 0),
      )
    }

    test('leaves every secret readable, with the new key only; fingerprints stay', async () => {
      await storeSecrets()
      const before = await readWith(1)
      expect(before).toMatchObject({
        telegram: { token: '1:AA' },
        webhookSecret: 'whsec_abc',
        hook: ['whsec_new', 'whsec_former'],
        updates: [{ text: '4829' }, { text: 'not sealed yet' }],
      })
      expect(await rotate(1, 2)).toEqual({ kind: 'rotated', secrets: 4, unreadable: 0 })
      expect(await readWith(2)).toEqual(before)
      await expect(readWith(1)).rejects.toMatchObject({ code: 'misconfigured' })
      expect(await rotate(2, 3)).toMatchObject({ kind: 'rotated' })
      expect(await readWith(3)).toEqual(before)
    })

    test('leaves what somebody wrote as it is if it cannot be read, and rotates the rest', async () => {
      await storeSecrets()
      const chats = createChatStore(db)
      const lost = { ...UPDATE, updateId: 'u_lost', seq: 3 }
      const body = sealedBody(createSealing(keyOf(7)), { ...lost, body: { text: 'sealed with a key that is gone' } })
      await db.write(chats.addUpdate({ ...lost, body }))
      expect(await rotate(1, 2)).toEqual({ kind: 'rotated', secrets: 4, unreadable: 1 })
      const sealing = await openSealing(db, keyOf(2))
      const waiting = await db.read(chats.pendingUpdates({ lane: UPDATE.lane, now: 0, limit: 9 }))
      expect(waiting.find(({ updateId }) => updateId === 'u_lost')?.body).toBe(body)
      expect(waiting.map((update) => openedIfReadable(sealing, update))).toEqual([
        { text: '4829' },
        { text: 'not sealed yet' },
        null,
      ])
    })

    test('can be asked for twice', async () => {
      await storeSecrets()
      await rotate(1, 2)
      expect(await rotate(1, 2)).toEqual({ kind: 'done_before' })
    })

    test('changes nothing when the former key is not the database’s, or there is nothing yet', async () => {
      expect(await rotate(1, 2)).toEqual({ kind: 'nothing_sealed' })
      await storeSecrets()
      expect(await rotate(8, 2)).toEqual({ kind: 'wrong_former_key' })
      expect(await readWith(1)).toMatchObject({ telegram: { token: '1:AA' } })
    })

    test('is whole or not at all', async () => {
      await storeSecrets()
      const broken = flaky(db)
      broken.refuse('reseal connection')
      await expect(rotate(1, 2, broken.db)).rejects.toMatchObject({ code: 'unavailable' })
      expect(await readWith(1)).toMatchObject({ telegram: { token: '1:AA' }, webhookSecret: 'whsec_abc' })
    })
  })
}
