import { sealedOfUpdates } from '../../bots/chats/sealed-updates.js'
import { type Rotation, rotateSecrets } from '../business/rotate-secrets.js'
import { systemClock } from '../clock.js'
import type { Config } from '../config.js'
import { openDatabase } from '../db/open-database.js'
import { assertNever } from '../errors.js'
import { loadMasterKey } from '../master-key.js'
import { sealedOfSubscriptions } from '../subscriptions/secrets.js'
import { type OfflineCommand, type Printed, UsageError } from './command.js'

/** What is done while the program stands still. */
export const SECRETS_COMMANDS: Readonly<Record<string, OfflineCommand>> = {
  'secrets rotate': {
    usage: 'secrets rotate',
    about: 'seal all stored secrets with MASTER_KEY instead of MASTER_KEY_OLD, while the program is stopped',
    runOffline: async (config) => rotationPrinted(await rotate(config)),
  },
}

const rotate = async ({ database, masterKey, formerMasterKey }: Config): Promise<Rotation> => {
  if (formerMasterKey === null)
    throw new UsageError(
      'Set MASTER_KEY_OLD to the key that the database has, and MASTER_KEY to the new one; a key that the program made ' +
        'is in DATA_DIR/master.key.',
    )
  const db = await openDatabase(database, systemClock)
  try {
    const others = { subscriptions: sealedOfSubscriptions(db), updates: sealedOfUpdates(db) }
    return await rotateSecrets(db, formerMasterKey, loadMasterKey(masterKey), others)
  } finally {
    await db.close()
  }
}

const rotatedRow = ({ secrets, unreadable }: Extract<Rotation, { readonly kind: 'rotated' }>) => ({
  state: 'rotated',
  secrets,
  ...(unreadable > 0 && { unreadable, note: UNREADABLE }),
})

const UNREADABLE =
  'Messages of chats that MASTER_KEY_OLD does not open were left as they are: they are not answered, and go by themselves ' +
  'within days. Nothing is to be done; whoever got no answer may write again.'

const rotationPrinted = (rotation: Rotation): Printed => {
  switch (rotation.kind) {
    case 'rotated':
      return {
        rows: [rotatedRow(rotation)],
        empty: '',
      }
    case 'done_before':
      return { rows: [], empty: 'The database has this MASTER_KEY already: take MASTER_KEY_OLD away.' }
    case 'wrong_former_key':
      return { rows: [], failed: true, empty: 'MASTER_KEY_OLD is not the key of this database. Nothing was changed.' }
    case 'nothing_sealed':
      return { rows: [], failed: true, empty: 'This database holds no secrets yet: start the program first.' }
    default:
      return assertNever(rotation)
  }
}
