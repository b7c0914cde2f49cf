import { fileURLToPath } from 'node:url'
import { createLink } from '../bots/chats/links.js'
import { setUpFirstBusiness } from './business/first-business.js'
import { systemClock } from './clock.js'
import { type Config, loadConfig } from './config.js'
import { describeError } from './errors.js'
import { keepHeapSmall } from './heap.js'
import { createDirectory } from './main/directory.js'
import { type Foundation, openFoundation } from './main/foundation.js'
import { MessengerLanes } from './main/messenger-lanes.js'
import { openWeb } from './main/role-web.js'
import { startWorker } from './main/role-worker.js'
import type { TelegramLane } from './main/telegram-lanes.js'
import { openWebLane } from './main/web-lane.js'
import { startFailure } from './start-failure.js'
import { onStopSignal } from './stop-signals.js'

/** The process ends by itself after this, whatever still hangs: longer than a provider's 8 s, shorter than any supervisor's. */
const STOP_WITHIN_MS = 10_000

keepHeapSmall()

/** Starts the roles that this process has; resolves with what stops them again. */
const start = async (config: Config): Promise<() => Promise<void>> => {
  const foundation = await openFoundation(config, fileURLToPath(new URL('../locales/', import.meta.url)))
  const { db, businesses, log } = foundation
  const first = await setUpFirstBusiness({ ...foundation, store: businesses })
  const directory = createDirectory(foundation)
  const lanes = new MessengerLanes(foundation, directory)
  const business = await directory.business(first.id)
  const telegram = await openTelegramLanes(foundation, first.id)
  for (const lane of [openWebLane(foundation, business), ...telegram]) await lanes.add(lane)

  const { role } = config.run
  const worker = role === 'web' ? null : await startWorker(foundation, lanes)
  const laneCheck = worker && (() => worker.checkLanes())
  const web =
    role === 'worker'
      ? null
      : await openWeb({
          foundation,
          directory,
          businessId: first.id,
          webhookToken: first.webhookToken,
          telegram,
          laneCheck,
        })
  if (web) await welcome(foundation, first, web.port, telegram)
  web?.demo?.seed().catch((error: unknown) => log.warn({ error: describeError(error) }, 'demo.not_seeded'))
  log.info({ role, database: db.kit.dialect, queue: config.run.queue.kind, port: web?.port }, 'started')

  return async () => {
    // Side by side: each may need most of the time that there is.
    await Promise.all([web?.close(), worker?.stop()])
    for (const lane of telegram) await lane.close()
    await foundation.close()
    log.info({}, 'stopped')
  }
}

const openTelegramLanes = async (foundation: Foundation, businessId: string): Promise<TelegramLane[]> => {
  const [business] = await foundation.db.read(foundation.businesses.byId({ id: businessId }))
  const settings = (await foundation.connections.of(businessId)).get('telegram')
  if (!business || !settings) return []
  // grammY and undici, 15 MB that a café without a bot does not pay.
  const { openTelegramLane } = await import('./main/telegram-lanes.js')
  return [await openTelegramLane(foundation, business, settings)]
}

/** The addresses that matter, for whoever has just typed `npm start`. */
const welcome = async (
  foundation: Foundation,
  first: { readonly id: string; readonly webhookToken: string },
  port: number,
  telegram: readonly TelegramLane[],
): Promise<void> => {
  const base = foundation.config.http.publicUrl ?? `http://localhost:${port}`
  const [setup, token] = await Promise.all([
    unlessFull(foundation, () => foundation.setupAccess.createLink()),
    unlessFull(foundation, () => createLink(foundation, first.id, { kind: 'staff' })),
  ])
  const lines = [
    ...(setup === null ? [] : [['Setup (opens once)', `${base}/?setup=${setup}`]]),
    ['Chat with the bot', `${base}/try`],
    ['7stamp webhook', `${base}/webhooks/7stamp/${first.webhookToken}`],
  ]
  if (token !== null) lines.push(['Staff chat (opens once)', `${base}/try?start=${token}`])
  for (const lane of telegram) {
    const username = lane.username()
    lines.push(['Telegram', username === null ? 'not reached yet; it is tried again' : `https://t.me/${username}`])
    if (username !== null && token !== null)
      lines.push(['Staff on Telegram (once)', `https://t.me/${username}?start=${token}`])
  }
  process.stdout.write(`\n${lines.map(([name, value]) => `  ${name?.padEnd(26)}${value}`).join('\n')}\n\n`)
}

/** Null while nothing can be written: a full disk is no reason not to start and show what is there. */
const unlessFull = async (foundation: Foundation, createToken: () => Promise<string>): Promise<string | null> => {
  try {
    return await createToken()
  } catch (error) {
    foundation.log.warn({ error: describeError(error) }, 'link.not_created')
    return null
  }
}

const fail = (error: unknown): never => {
  const sentence = startFailure(error)
  process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`)
  process.exit(1)
}

const run = async (): Promise<void> => {
  const starting = start(loadConfig())
  onStopSignal(process, systemClock, () => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    starting.then((stop) => stop()).then(() => process.exit(0), fail)
  })
  await starting
}

run().catch(fail)
