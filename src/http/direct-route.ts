import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../log.js'
import { writeProblem } from './problem.js'

/**
 * A path that is answered without Express, for what machines call thousands of times a second: Express' part of a small POST
 * (routing, changed prototypes, parser) costs about four times what Node itself needs for it.
 */
export interface DirectRoute {
  readonly method: 'POST'
  /** What the path begins with. */
  readonly prefix: string
  /** Answers. `rest` is the path behind the prefix, as it came. What it rejects with is answered as a problem. */
  answer(req: IncomingMessage, res: ServerResponse, rest: string): Promise<void>
}

/** Answers the request if it is one of a direct route; false if it is somebody else's. */
export const answerDirectly = (
  routes: readonly DirectRoute[],
  req: IncomingMessage,
  res: ServerResponse,
  log: Log,
): boolean => {
  const { method, url = '' } = req
  const route = routes.find((one) => one.method === method && url.startsWith(one.prefix))
  if (!route) return false
  const rest = url.slice(route.prefix.length).split('?', 1)[0] ?? ''
  route.answer(req, res, rest).catch((error: unknown) => writeProblem(log, error, res))
  return true
}
