import { once } from 'node:events'
import { connect } from 'node:net'

/** Writes these bytes to a server on 127.0.0.1 as they are, and gives back all it says until it closes the connection. */
export const rawExchange = async (port: number, ...parts: readonly (string | Buffer)[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  const received: Buffer[] = []
  socket.on('data', (chunk) => received.push(chunk))
  const closed = once(socket, 'close')
  for (const part of parts) socket.write(part)
  await closed
  return Buffer.concat(received).toString()
}
