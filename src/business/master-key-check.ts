import { type Database, type Decision, demand } from '../db/database.js'
import { AppError } from '../errors.js'
import { createInstallationStore, type InstallationKey } from './installation-store.js'
import type { SealedPlace, Sealing } from './sealing.js'

const KEY = 'master_key_check'

/** Where a value of the installation is sealed. */
export const installationPlace = (rowId: InstallationKey): SealedPlace => ({
  table: 'installation',
  column: 'value',
  rowId,
})

const PLACE = installationPlace(KEY)

/**
 * Leaves a sealed note at the first start and opens it at every later one. Rejects with AppError('misconfigured') when this
 * process has another master key than the one that the database's secrets were sealed with.
 */
export const checkMasterKey = async (db: Database, sealing: Sealing): Promise<void> => {
  const store = createInstallationStore(db)
  const note = sealing.seal(PLACE, KEY)
  const found = await db.atomically(
    { note: store.locked({ key: KEY }) },
    ({ note: [known] }): Decision<string> =>
      known
        ? { writes: [], result: known.value }
        : { writes: [demand(1, store.add({ key: KEY, value: note }))], result: note },
  )
  try {
    sealing.open(PLACE, found)
  } catch (cause) {
    throw new AppError(
      'misconfigured',
      'MASTER_KEY is not the key that this database was set up with: give the former one back, or no stored token can be read.',
      { cause },
    )
  }
}
