import { createLedger } from '../../src/deliveries/ledger.js'
import { stopRaceContract } from '../contracts/stop-race.js'
import { LANE } from '../support/dispatcher.js'
import { openTestSqlite } from '../support/sqlite.js'

const open = async () => {
  const file = await openTestSqlite()
  return {
    ...file,
    // What was `sending` is read in the turn of the event loop in which STOP was committed: nothing comes in between.
    enteredAfterStop: async (stops: ReadonlyMap<string, Promise<readonly string[]>>) => {
      const before = new Set((await Promise.all(stops.values())).flat())
      const now = await file.db.read(createLedger(file.db).inFlight({ lane: LANE }))
      return now.filter(({ id }) => !before.has(id)).map(({ id }) => id)
    },
  }
}

stopRaceContract('SQLite', open, 25)
