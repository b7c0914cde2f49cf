import type { Foundation } from '../main/foundation.js'
import type { Printed } from './command.js'

/** A one-time link as a command prints it. */
export const linkRows = (foundation: Foundation, token: string): Printed => ({
  rows: [{ web: chatAddress(foundation, token), token }],
  empty: '',
})

/** Where the web chat opens with a payload. */
export const chatAddress = (foundation: Foundation, payload: string): string =>
  `${baseUrlOf(foundation)}/try?start=${payload}`

export const baseUrlOf = ({ config }: Foundation): string =>
  config.http.publicUrl ?? `http://localhost:${config.http.port}`
