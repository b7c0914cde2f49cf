import { createSocket } from 'node:dgram'
import { onTestFinished } from 'vitest'

const HEADER_BYTES = 12
const TYPE_A = 1
const NO_SUCH_NAME = 3

/** A name server that knows the IPv4 addresses of a few names; `null` is a name about which it never answers. */
export const openNameServer = async (names: Readonly<Record<string, readonly string[] | null>>): Promise<string> => {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const { name, end } = nameIn(query)
    const known = names[name]
    if (known === null) return
    const question = query.subarray(HEADER_BYTES, end + 4)
    const answers = query.readUInt16BE(end) === TYPE_A ? (known ?? []) : []
    const header = Buffer.from(query.subarray(0, HEADER_BYTES))
    header.writeUInt16BE(0x8180 | (known === undefined ? NO_SUCH_NAME : 0), 2)
    header.writeUInt16BE(answers.length, 6)
    header.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([header, question, ...answers.map(recordOf)]), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => void socket.close())
  return `127.0.0.1:${socket.address().port}`
}

/** The name that is asked for, and where it ends. */
const nameIn = (query: Buffer): { readonly name: string; readonly end: number } => {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

/** An A record of the name in the question, good for no time at all. */
const recordOf = (address: string): Buffer =>
  Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)])
