import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Database } from '../db/database.js'
import { createInstallationStore } from './installation-store.js'
import { checkMasterKey, installationPlace } from './master-key-check.js'
import { createSealing, type Sealing } from './sealing.js'

/**
 * The sealing of this database. Rejects with AppError('misconfigured') under a master key that is not its own.
 * Fingerprints go on under the key that they began with, if the master key was changed since.
 */
export const openSealing = async (db: Database, masterKey: KeyObject): Promise<Sealing> => {
  const sealing = createSealing(masterKey)
  await checkMasterKey(db, sealing)
  const [kept] = await db.read(createInstallationStore(db).locked({ key: 'fingerprint_key' }))
  if (!kept) return sealing
  const fingerprintKey = Buffer.from(sealing.open(installationPlace('fingerprint_key'), kept.value), 'base64')
  return createSealing(masterKey, createSecretKey(fingerprintKey))
}
