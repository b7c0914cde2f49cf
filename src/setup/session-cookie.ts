import type { IncomingMessage } from 'node:http'
import { SESSION_MS } from './setup-access.js'

const NAME = 'stampcast_setup'
const COOKIE = new RegExp(`(?:^|;\\s*)${NAME}=([0-9A-Za-z]{32})(?:;|$)`)

/** The session's token that the browser brings, or null. */
export const sessionTokenOf = (req: IncomingMessage): string | null =>
  COOKIE.exec(req.headers.cookie ?? '')?.[1] ?? null

/** Out of reach of scripts and of other sites. A café's own machine on http:// could not keep a `Secure` one. */
export const sessionCookie = (token: string, isHttps: boolean): string => cookie(token, SESSION_MS / 1_000, isHttps)

export const noSessionCookie = (isHttps: boolean): string => cookie('', 0, isHttps)

const cookie = (value: string, maxAgeSec: number, isHttps: boolean): string =>
  `${NAME}=${value}; Path=/; Max-Age=${maxAgeSec}; HttpOnly; SameSite=Strict${isHttps ? '; Secure' : ''}`
