import { telegramWebhook } from '../../bots/telegram/telegram-webhook.js'
import { createAdmissions } from '../business/webhook-admissions.js'
import { DEMO_BUSINESS } from '../demo/demo-data.js'
import { createInbox } from '../events/inbox.js'
import { inboxRoute } from '../events/inbox-route.js'
import { createWaker } from '../events/waker.js'
import { healthRoutes, type ReadyCheck } from '../http/health.js'
import { createHttpServer, type HttpServer } from '../http/server.js'
import { whenAsked } from '../http/when-asked.js'
import { mediaRoutes } from '../pictures/media-routes.js'
import { mediaKeyOf } from '../pictures/media-url.js'
import { type Demo, openDemo } from './demo.js'
import type { Directory } from './directory.js'
import type { Foundation } from './foundation.js'
import { openMetrics } from './metrics.js'
import { openSetup } from './setup.js'
import type { TelegramLane } from './telegram-lanes.js'
import { openWebChat } from './web-lane.js'

export interface WebOptions {
  readonly foundation: Foundation
  readonly directory: Directory
  readonly businessId: string
  readonly webhookToken: string
  readonly telegram: readonly TelegramLane[]
  readonly laneCheck: ReadyCheck | null
}

export interface Web {
  readonly port: number
  readonly demo: Demo | null
  close(): Promise<void>
}

/** The demo's events belong to the first business without giving it their name at 7stamp. */
const STAND_INS = [DEMO_BUSINESS.externalId]

/** Everything that HTTP asks for. */
export const openWeb = async (options: WebOptions): Promise<Web> => {
  const { foundation, directory, businessId, telegram } = options
  const { config, db, log, clock, queue, journal, businesses, sealing, signals, pictures, pictureStore } = foundation
  const mediaKey = mediaKeyOf(foundation.masterKey.export())
  const waker = createWaker(queue, log)
  const inbox = createInbox({
    db,
    journal,
    clock,
    admissions: createAdmissions({ db, store: businesses, sealing, signals, standIns: STAND_INS }),
    wake: (shard) => waker.wake(shard),
  })
  let port = config.http.port
  const demo = config.demo ? openDemo({ ...options, loopbackPort: () => port }) : null
  const chat = await openWebChat(foundation, directory, businessId, mediaKey, demo !== null)
  const setup = await openSetup(options)
  const api = whenAsked(['/api'], async () => {
    const { openApi } = await import('./api.js')
    return openApi(foundation, { telegramName: () => telegram[0]?.username() ?? null })
  })
  const bots = new Map(telegram.flatMap(({ webhook }) => (webhook ? [[webhook.token, webhook.bot]] : [])))
  const server: HttpServer = createHttpServer({
    log,
    publicUrl: config.http.publicUrl,
    direct: [inboxRoute(inbox)],
    webhooks: [(app) => app.use(telegramWebhook(async (token) => bots.get(token) ?? null))],
    routes: [
      healthRoutes({ log, openMetrics: () => openMetrics(foundation), checks: readyChecks(options) }),
      (app) => {
        app.use(api)
        // Until the console lives here.
        app.use(setup.router)
        app.use(mediaRoutes({ db, store: pictureStore, pictures, key: mediaKey, clock }))
        app.use(chat.router)
        if (demo) app.use(demo.router)
        app.use(setup.nowhere)
      },
    ],
  })
  port = await server.listen(config.http.host, config.http.port)
  return {
    port,
    demo,
    close: async () => {
      await chat.close()
      await server.close()
    },
  }
}

const readyChecks = ({ foundation: { db, queue }, laneCheck }: WebOptions): Record<string, ReadyCheck> => ({
  database: () => db.check(),
  queue: () => queue.check(),
  ...(laneCheck && { lanes: laneCheck }),
})
