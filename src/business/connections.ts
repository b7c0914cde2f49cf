import { z } from 'zod'
import type { Bound, Database } from '../db/database.js'
import { derivedId } from '../ids.js'
import type { BusinessStore } from './business-store.js'
import type { ConnectionKind } from './business-tables.js'
import type { SealedPlace, Sealing } from './sealing.js'

/** A connection's settings and secrets, opened. Whoever uses the connection parses them. */
export type ConnectionSettings = Readonly<Record<string, unknown>>

/** The outside accounts of businesses, sealed in the database. A sister business uses its parent's. */
export interface Connections {
  /** All of a business that has its own, by kind. Throws AppError('misconfigured') under a wrong master key. */
  of(businessId: string): Promise<ReadonlyMap<ConnectionKind, ConnectionSettings>>
  /** The write that stores one, in place of the former of its kind. */
  save(businessId: string, kind: ConnectionKind, settings: ConnectionSettings, now: number): Bound<unknown>
  remove(businessId: string, kind: ConnectionKind): Bound<unknown>
}

export const createConnections = (db: Database, store: BusinessStore, sealing: Sealing): Connections => ({
  of: async (businessId) => {
    const rows = await db.read(store.connectionsOf({ businessId }))
    return new Map(rows.map(({ id, kind, sealed }) => [kind, parseSettings(sealing.open(connectionPlace(id), sealed))]))
  },
  save: (businessId, kind, settings, now) => {
    const id = connectionIdOf(businessId, kind)
    return store.saveConnection({
      id,
      businessId,
      kind,
      sealed: sealing.seal(connectionPlace(id), JSON.stringify(settings)),
      now,
    })
  },
  remove: (businessId, kind) => store.removeConnection({ id: connectionIdOf(businessId, kind) }),
})

const parseSettings = (json: string): ConnectionSettings => z.record(z.string(), z.unknown()).parse(JSON.parse(json))

/** One of each kind; two processes that store the same one meet in one row. */
const connectionIdOf = (businessId: string, kind: ConnectionKind): string => derivedId('conn', businessId, kind)

/** Where a connection's settings are sealed. */
export const connectionPlace = (rowId: string): SealedPlace => ({ table: 'connections', column: 'sealed', rowId })
