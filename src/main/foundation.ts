import { createChatStore } from '../../bots/chats/chat-store.js'
import { createCounterStore } from '../../bots/chats/counter-store.js'
import { createUpdateStore } from '../../bots/chats/store-updates.js'
import { createTeamStore } from '../../bots/chats/team-store.js'
import { createTillStore } from '../../bots/chats/till-store.js'
import { createBusinessStore } from '../business/business-store.js'
import { createConnections } from '../business/connections.js'
import { openSealing } from '../business/open-sealing.js'
import { createPictureDesk } from '../channels/picture-desk.js'
import { type Clock, systemClock } from '../clock.js'
import type { Config } from '../config.js'
import { createLeases } from '../db/leases.js'
import { openDatabase } from '../db/open-database.js'
import { createOwnerName } from '../deliveries/lane-owner.js'
import { createLaneStore } from '../deliveries/lane-store.js'
import { createLedger } from '../deliveries/ledger.js'
import { createReceipts } from '../deliveries/receipts.js'
import { createResendStore } from '../deliveries/resend-store.js'
import { AppError } from '../errors.js'
import { createEventLookupStore } from '../events/event-lookup-store.js'
import { createJournal } from '../events/journal.js'
import { primaryOf } from '../languages.js'
import { createLog } from '../log.js'
import { createExportStore } from '../loyalty/export/export-store.js'
import { createExportTable } from '../loyalty/export/export-table.js'
import { createLoyaltyStore } from '../loyalty/loyalty-store.js'
import { loadMasterKey } from '../master-key.js'
import { createAlertStore } from '../notify/alert-store.js'
import { createConsentStore } from '../notify/consent-store.js'
import { createHearsStore } from '../notify/hears-store.js'
import { createMessageSettingsStore } from '../notify/message-settings-store.js'
import { createWording } from '../notify/wording.js'
import { createPictureStore } from '../pictures/picture-store.js'
import { createPictures } from '../pictures/pictures.js'
import { openQueue } from '../queue/open-queue.js'
import { createSetupAccess } from '../setup/setup-access.js'
import { openAccess } from './access.js'
import { openAdopting } from './adopting.js'
import { openErasing } from './erasing.js'
import { openImporting } from './importing.js'
import { openOwnCommands } from './own-commands.js'
import { openSubscriptions } from './subscriptions.js'
import { openVerifying } from './verifying.js'

/** What every role stands on: the shells, opened, and each capability's store on the database. */
export type Foundation = Awaited<ReturnType<typeof openFoundation>>

export const openFoundation = async (
  config: Config,
  localesDir: string,
  clock: Clock = systemClock,
  // Whoever posts webhooks waits for the web process; a worker can wait.
  { givesWay } = { givesWay: config.run.role === 'worker' },
) => {
  const log = createLog(config.logLevel)
  const wording = await createWording(localesDir)
  requireSpoken(config.business.language, wording.languages)
  const masterKey = loadMasterKey(config.masterKey)
  const db = await openDatabase(config.database, clock, { givesWay })
  const sealing = await openSealing(db, masterKey)
  const businesses = createBusinessStore(db)
  const { queue, signals } = await openQueue({ ...queueServers(config), log })
  const pictures = createPictures()
  const ledger = createLedger(db)
  const chats = createChatStore(db)
  const pictureStore = createPictureStore(db)
  const loyalty = createLoyaltyStore(db)
  const journal = createJournal(db)
  const eventLookups = createEventLookupStore(db)
  const lanes = createLaneStore(db)
  const access = openAccess({ db, signals, log, sealing, businesses })
  return {
    config,
    log,
    clock,
    masterKey,
    db,
    queue,
    signals,
    wording,
    pictures,
    ledger,
    chats,
    /** Names this process in leases. */
    owner: createOwnerName(),
    holdLease: createLeases(db),
    lanes,
    receipts: createReceipts(db, ledger),
    resends: createResendStore(db),
    storeUpdates: createUpdateStore({ db, chats, signals, sealing, clock }),
    consents: createConsentStore(db),
    hears: createHearsStore(db),
    till: createTillStore(db),
    alerts: createAlertStore(db),
    messageSettings: createMessageSettingsStore(db),
    team: createTeamStore(db),
    counter: createCounterStore(db),
    sealing,
    businesses,
    connections: createConnections(db, businesses, sealing),
    journal,
    eventLookups,
    loyalty,
    own: openOwnCommands({ db, loyalty, journal, businesses, queue, log }),
    erasing: openErasing({ db, queue, clock, log, sealing, loyalty, chats }),
    webhooks: openSubscriptions({
      config,
      db,
      clock,
      signals,
      sealing,
      audit: access.audit,
      ledger,
      eventLookups,
      lanes,
      businesses,
      chats,
    }),
    exportTable: createExportTable(db, createExportStore(db)),
    importFile: openImporting({ db, loyalty, journal, businesses, sealing, clock }),
    adopting: openAdopting({ db, loyalty, journal, eventLookups, businesses, audit: access.audit }),
    verifying: openVerifying({ config, db, eventLookups, loyalty }),
    pictureStore,
    setupAccess: createSetupAccess(db, clock),
    access,
    desk: createPictureDesk({ db, pictures, store: pictureStore, clock }),
    close: async () => {
      await queue.close()
      await signals.close()
      await pictures.close()
      await db.close()
    },
  }
}

const queueServers = ({ run: { queue } }: Config): { redisUrl?: string; databaseUrl?: string } => {
  switch (queue.kind) {
    case 'redis':
      return { redisUrl: queue.url }
    case 'postgres':
      return { databaseUrl: queue.url }
    case 'in_process':
      return {}
  }
}

/** Which languages there are is known by the folders of `locales/` alone, not by the setting's form. */
const requireSpoken = (language: string, known: ReadonlySet<string>): void => {
  if (known.has(primaryOf(language))) return
  const all = [...known].join(', ')
  throw new AppError(
    'misconfigured',
    `The setting BUSINESS_LANGUAGE must be one of ${all}: locales/ has no other. Change it in .env or in the environment.`,
  )
}
