import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import SqliteFile from 'better-sqlite3'
import express from 'express'
import { serve } from '../rig/helper.js'

/** An Express 5 server that keeps each stamp by one insert of its own, as durably as the program, and knows nothing else. */
export type BareInsert = typeof commands

const commands = serve({
  listen: async (path: string): Promise<number> => {
    const file = new SqliteFile(path)
    file.pragma('journal_mode = WAL')
    file.pragma('synchronous = FULL')
    file.exec('create table stamps (id integer primary key, card_id text, receipt_id text, count integer, at integer)')
    const insert = file.prepare('insert into stamps (card_id, receipt_id, count, at) values (?, ?, ?, ?)')
    const app = express()
    app.use(express.json())
    app.post('/api/v1/cards/:id/stamps', (req, res) => {
      const { count, receipt_id: receiptId = null } = req.body
      const { lastInsertRowid } = insert.run(req.params.id, receiptId, count, Date.now())
      res.status(201).json({ stamp: { id: String(lastInsertRowid), card_id: req.params.id, count } })
    })
    const server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  },
})
