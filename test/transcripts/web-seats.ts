import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import type { PageInput, ShownButton, ShownMessage } from '../../bots/web/web-protocol.js'
import { hashToken } from '../../src/ids.js'
import { openStream, type Received } from '../web/open-web-chat.js'
import type { Application } from './application.js'
import type { Seat, Seats, Seen, SeenButton } from './seat.js'

const SOON = { timeout: 60_000, interval: 5 }

/** Visitors of the web chat, through its HTTP. */
export const openWebSeats = ({ url, rows }: Application): Seats => {
  const streams: Awaited<ReturnType<typeof openStream>>[] = []
  const post = async (path: string, body: unknown, token = ''): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path} said ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  return {
    seat: async (_name, language) => {
      const { token } = (await post('/try/visitors', {})) as { readonly token: string }
      const stream = await openStream(url, token)
      streams.push(stream)
      const does = async (input: PageInput) => {
        await post('/try/messages', { id: randomUUID(), input, language }, token)
      }
      const lastSeq = () =>
        rows<{ seq: number }>('select last_seq as seq from web_visitors where token_hash = ?', hashToken(token))[0]?.seq
      return seatOf(url, stream.received, does, () =>
        vi.waitFor(() => {
          if ((stream.received.at(-1)?.seq ?? 0) < (lastSeq() ?? 0)) throw new Error('the stream has more to bring')
        }, SOON),
      )
    },
    // What is posted is stored before it is accepted.
    heard: async () => undefined,
    close: async () => {
      for (const stream of streams) stream.cut()
      await Promise.all(streams.map(({ ended }) => ended))
    },
  }
}

const seatOf = (
  url: string,
  received: readonly Received[],
  does: (input: PageInput) => Promise<void>,
  arrived: () => Promise<void>,
): Seat => {
  let taken = 0
  return {
    says: (text) => does({ kind: 'text', text }),
    starts: (payload) => does({ kind: 'start', payload }),
    presses: async (label) => {
      const button = newest(received, label)
      if (button?.kind === 'action') await does({ kind: 'action', action: button.action, label })
      return button !== undefined
    },
    takeNew: async () => {
      await arrived()
      const rows = received.slice(taken).map(({ row }) => row)
      taken = received.length
      const own = new Set(received.flatMap(({ row }) => (row.kind === 'own' ? row.id : [])))
      const seen = rows.flatMap((row) =>
        row.kind === 'own' || (row.kind === 'edit' && own.has(row.edits))
          ? []
          : seenOf(url, row.message, row.kind, row.kind === 'edit' ? row.edits : row.id),
      )
      return (await Promise.all(seen)).sort((a, b) => Number(a.kind === 'edit') - Number(b.kind === 'edit'))
    },
  }
}

/** Of the newest message that has it, as it stands after its edits. */
const newest = (received: readonly Received[], label: string): ShownButton | undefined => {
  const standing = new Map<string, ShownMessage>()
  for (const { row } of received)
    if (row.kind !== 'own') standing.set(row.kind === 'edit' ? row.edits : row.id, row.message)
  const labelled = [...standing.values()].map(({ buttons = [] }) => buttons.flat().find((each) => each.label === label))
  return labelled.findLast((button) => button !== undefined)
}

const seenOf = async (url: string, message: ShownMessage, kind: Seen['kind'], messageId: string): Promise<Seen> => ({
  kind,
  messageId,
  text: message.text,
  png: message.picture ? await pngAt(new URL(message.picture.url, `${url}/`)) : null,
  buttons: (message.buttons ?? []).map((row) => row.map(buttonOf)),
  menu: message.menu ? message.menu.flat() : null,
  phoneButton: null,
  isSilent: false,
})

const pngAt = async (url: URL): Promise<Buffer> => {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`the picture's address said ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}

const buttonOf = (button: ShownButton): SeenButton => {
  if (button.kind === 'copy') return { label: button.label, does: button.text }
  return { label: button.label, does: button.kind === 'url' ? button.url : null }
}
