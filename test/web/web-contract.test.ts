import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import type { OutgoingMessage } from '../../bots/messenger.js'
import type { StreamRow } from '../../bots/web/web-protocol.js'
import { type MessengerSetting, messengerContract, type Seen } from '../contracts/messenger.js'
import { openStream, openWebChat } from './open-web-chat.js'

/** The page's side: rows of the stream, edits laid over the messages that they replace. */
const open = async (): Promise<MessengerSetting> => {
  const folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  const path = join(folder, 'test.sqlite')
  const chat = await openWebChat(path)
  const { token, address } = await chat.newVisitor()
  const pngs = new Map<string, Promise<Buffer>>()
  const remember = (message: OutgoingMessage): OutgoingMessage => {
    if (message.picture) pngs.set(`/media/${message.picture.id}.png`, message.picture.png())
    return message
  }
  let other: SqliteFile.Database | null = null

  const rows = async (): Promise<StreamRow[]> => {
    const stream = await openStream(chat.url, token)
    while (!stream.notices.includes('ready')) await new Promise((resolve) => setTimeout(resolve, 5))
    stream.cut()
    return stream.received.map(({ row }) => row)
  }
  const shown = async (): Promise<Seen[]> => {
    const messages = new Map<string, Seen>()
    for (const row of await rows()) {
      if (row.kind === 'own') continue
      const { text, picture, buttons } = row.message
      messages.set(row.kind === 'edit' ? row.edits : row.id, {
        text,
        picture: picture ? ((await pngs.get(picture.url)) ?? null) : null,
        buttons: buttons ?? [],
        silent: null,
      })
    }
    return [...messages.values()]
  }
  const post = async (input: object) => {
    const response = await chat.post('/try/messages', { id: randomUUID(), input }, token)
    if (response.status !== 202) throw new Error(`not accepted: ${response.status}`)
    return chat.updates.at(-1)?.body
  }
  return {
    messenger: {
      ...chat.messenger,
      send: (to, message, signal) => chat.messenger.send(to, remember(message), signal),
      edit: (to, messageId, message, signal) => chat.messenger.edit(to, messageId, remember(message), signal),
    },
    address,
    shown,
    async press(label) {
      const button = (await shown())
        .at(-1)
        ?.buttons.flat()
        .find((each) => each.label === label)
      if (button?.kind !== 'action') throw new Error(`there is no button ${label}`)
      return post({ kind: 'action', action: button.action, label })
    },
    say: (text) => post({ kind: 'text', text }),
    faults: {
      /** Our provider is the database: somebody else holds it. */
      async refuseConnections() {
        other = new SqliteFile(path)
        other.exec('begin immediate')
      },
    },
    async recover() {
      other?.close()
      other = null
    },
    async close() {
      await chat.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

messengerContract('web chat', open, ['refuseConnections'])
