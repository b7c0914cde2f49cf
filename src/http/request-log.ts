import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../log.js'

const PATH_MAX = 200

/** What follows here lets whoever reads it in: webhook tokens, customers' card pages, signed pictures. */
const SECRET_PATH = /^\/(webhooks\/[^/]+|c|media)\/.+/

/** A short or plain word, or an id of ours. Whatever else may be a token that somebody put in a wrong place. */
const HARMLESS = /^(.{0,15}|[a-z_-]{1,30}|[a-z]{1,8}_[0-9a-f]{32})$/

/** One line for each request at level debug, when its answer is sent or the connection lost. No query, no body. */
export const logWhenAnswered = (log: Log, req: IncomingMessage, res: ServerResponse): void => {
  if (!log.isLevelEnabled('debug')) return
  const startedAt = performance.now()
  res.once('close', () => {
    const elapsedMs = Math.round(performance.now() - startedAt)
    const line = { method: req.method, path: loggedPath(req.url ?? ''), status: res.statusCode, elapsedMs }
    log.debug(res.writableFinished ? line : { ...line, aborted: true }, 'http.answered')
  })
}

const loggedPath = (url: string): string =>
  (url.split('?', 1)[0] ?? '')
    .replace(SECRET_PATH, '/$1/[secret]')
    .split('/')
    .map((part) => (HARMLESS.test(part) ? part : '[long]'))
    .join('/')
    .slice(0, PATH_MAX)
