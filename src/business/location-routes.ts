import { z } from 'zod'
import { type ApiCall, apiCall } from '../api/api-call.js'
import { id, name, time, timeOf } from '../api/fields.js'
import { DESK, STAFF } from '../api/who-may.js'
import { type Database, demand } from '../db/database.js'
import { AppError } from '../errors.js'
import { derivedId, randomId } from '../ids.js'
import type { BusinessStore } from './business-store.js'

const locationJson = z
  .strictObject({ id: id('loc'), name: z.string().nullable(), external_id: z.string(), created_at: time })
  .meta({ id: 'Location' })

type LocationRow = Awaited<ReturnType<typeof listOf>>[number]

const listOf = (db: Database, store: BusinessStore, businessId: string) => db.read(store.locationsOf({ businessId }))

export const locationRoutes = (db: Database, store: BusinessStore): readonly ApiCall[] => [
  apiCall({
    method: 'GET',
    path: '/locations',
    tag: 'Business',
    summary: 'The locations of the business',
    may: STAFF,
    answer: z.strictObject({ data: z.array(locationJson) }),
    examples: [{ title: 'All', status: 200 }],
    handle: async ({ caller }) => ({
      status: 200,
      body: { data: (await listOf(db, store, caller.businessId)).map(present) },
    }),
  }),
  apiCall({
    method: 'POST',
    path: '/locations',
    tag: 'Business',
    summary: 'Add a location',
    may: DESK,
    body: z.strictObject({ name }),
    answer: locationJson,
    examples: [{ title: 'A second shop', body: { name: 'Podil' }, status: 201 }],
    handle: async ({ caller: { businessId }, body, key, now }) => {
      const locationId = key === null ? randomId('loc') : derivedId('loc', 'own', businessId, key)
      const row = { id: locationId, businessId, externalId: locationId, name: body.name, createdAt: now }
      await db.write(store.addLocation(row))
      return { status: 201, body: present(row) }
    },
  }),
  apiCall({
    method: 'PATCH',
    path: '/locations/{id}',
    tag: 'Business',
    summary: 'Name a location',
    may: DESK,
    body: z.strictObject({ name }),
    answer: locationJson,
    examples: [
      { title: 'Another name', params: { id: 'loc_example' }, body: { name: 'Podil, river side' }, status: 200 },
    ],
    handle: async ({ caller, params, body }) => {
      const row = (await listOf(db, store, caller.businessId)).find((each) => each.id === params.id)
      if (!row) throw new AppError('not_found', 'There is no such location.')
      await db.write(demand(1, store.nameLocation({ id: row.id, name: body.name })))
      return { status: 200, body: present({ ...row, name: body.name }) }
    },
  }),
]

const present = (row: LocationRow): z.input<typeof locationJson> => ({
  id: row.id,
  name: row.name,
  external_id: row.externalId,
  created_at: timeOf(row.createdAt),
})
