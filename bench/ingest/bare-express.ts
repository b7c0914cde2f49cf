import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { serve } from '../rig/helper.js'

/** An Express 5 server that parses the same bodies and answers, keeping nothing. */
export type BareExpress = typeof commands

const commands = serve({
  listen: async (): Promise<number> => {
    const app = express()
    app.use(express.json({ limit: '256kb' }))
    app.post('/webhooks/7stamp/:token', (req, res) => {
      res.status(202).json({ status: 'accepted', id: req.body.customer.id })
    })
    const server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  },
})
