import { z } from 'zod'
import { loadPageFiles } from '../../bots/web/page-files.js'
import { createWebMessenger } from '../../bots/web/web-messenger.js'
import { webChatRoutes } from '../../bots/web/web-routes.js'
import { createWebStore } from '../../bots/web/web-store.js'
import type { BusinessRow } from '../business/business-tables.js'
import { signMediaPath } from '../pictures/media-url.js'
import type { Directory } from './directory.js'
import type { Foundation } from './foundation.js'
import type { MessengerLane } from './messenger-lanes.js'

export const webLaneId = (businessId: string): string => `web:${businessId}`

/** The web chat as a lane: its sending is a row that every web process shows. */
export const openWebLane = (foundation: Foundation, business: BusinessRow): MessengerLane => {
  const { db, signals, config } = foundation
  const { publicUrl } = config.http
  const messenger = createWebMessenger({ store: createWebStore(db), signals })
  return {
    id: webLaneId(business.id),
    business,
    messenger,
    showsPicturesByAddress: true,
    startLink: (payload) => (publicUrl === null ? null : `${publicUrl}/try?start=${payload}`),
  }
}

/** What browsers ask for: the page, its messages, its acknowledgements. */
export const openWebChat = async (
  foundation: Foundation,
  directory: Directory,
  businessId: string,
  mediaKey: Uint8Array,
  isDemo: boolean,
) => {
  const { db, signals, clock, log, storeUpdates, receipts } = foundation
  const lane = webLaneId(businessId)
  return webChatRoutes({
    businessId,
    store: createWebStore(db),
    signals,
    clock,
    log,
    // Relative to the page's own address, so that a proxy may serve it under any path.
    mediaUrl: (pictureId) => `.${signMediaPath(mediaKey, pictureId, clock())}`,
    page: {
      files: await loadPageFiles(new URL('../../bots/web/page/', import.meta.url)),
      face: async () => {
        const { name, color, logo } = await directory.business(businessId)
        return { businessName: name, color, logo, isDemo }
      },
      allowedOrigins: () => allowedOriginsOf(foundation, businessId),
    },
    storeUpdate: (updates) => storeUpdates(lane, updates),
    receipts: (_address, messageIds) =>
      receipts.record(
        lane,
        messageIds.map((messageId) => ({ messageId, status: 'delivered' as const })),
      ),
  })
}

/** What is stored, sealed, of a business's web chat. */
const Settings = z.object({ allowedOrigins: z.array(z.string()) })

/** The sites that may show a business's chat on their pages. */
export const allowedOriginsOf = async ({ connections }: Foundation, businessId: string): Promise<readonly string[]> => {
  const settings = (await connections.of(businessId)).get('web')
  return settings === undefined ? [] : Settings.parse(settings).allowedOrigins
}
