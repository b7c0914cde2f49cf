import { createSecretKey } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBusinessStore } from '../../src/business/business-store.js'
import { createConnections } from '../../src/business/connections.js'
import { openSealing } from '../../src/business/open-sealing.js'
import { rotateSecrets } from '../../src/business/rotate-secrets.js'
import { webhookSecretPlace } from '../../src/business/webhook-admissions.js'
import type { Database } from '../../src/db/database.js'
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

    /** What a start with this key makes of the stored secrets. */
    const readWith = async (seed: number) => {
      const sealing = await openSealing(db, keyOf(seed))
      const store = createBusinessStore(db)
      const [business] = await db.read(store.byId({ id: 'b_1' }))
      return {
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
        createConnections(db, store, sealing).save('b_1', 'telegram', { token: '1:AA' }, 0),
      )
    }

    test('leaves every secret readable, with the new key only; fingerprints stay', async () => {
      await storeSecrets()
      const before = await readWith(1)
      expect(before).toMatchObject({ telegram: { token: '1:AA' }, webhookSecret: 'whsec_abc' })
      expect(await rotateSecrets(db, keyOf(1), keyOf(2))).toEqual({ kind: 'rotated', secrets: 2 })
      expect(await readWith(2)).toEqual(before)
      await expect(readWith(1)).rejects.toMatchObject({ code: 'misconfigured' })
      expect(await rotateSecrets(db, keyOf(2), keyOf(3))).toMatchObject({ kind: 'rotated' })
      expect(await readWith(3)).toEqual(before)
    })

    test('can be asked for twice', async () => {
      await storeSecrets()
      await rotateSecrets(db, keyOf(1), keyOf(2))
      expect(await rotateSecrets(db, keyOf(1), keyOf(2))).toEqual({ kind: 'done_before' })
    })

    test('changes nothing when the former key is not the database’s, or there is nothing yet', async () => {
      expect(await rotateSecrets(db, keyOf(1), keyOf(2))).toEqual({ kind: 'nothing_sealed' })
      await storeSecrets()
      expect(await rotateSecrets(db, keyOf(8), keyOf(2))).toEqual({ kind: 'wrong_former_key' })
      expect(await readWith(1)).toMatchObject({ telegram: { token: '1:AA' } })
    })

    test('is whole or not at all', async () => {
      await storeSecrets()
      const broken = flaky(db)
      broken.refuse('reseal connection')
      await expect(rotateSecrets(broken.db, keyOf(1), keyOf(2))).rejects.toMatchObject({ code: 'unavailable' })
      expect(await readWith(1)).toMatchObject({ telegram: { token: '1:AA' }, webhookSecret: 'whsec_abc' })
    })
  })
}
