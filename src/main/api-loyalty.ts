import type { ApiCall } from '../api/api-call.js'
import { demoCustomerIds } from '../demo/demo-people.js'
import { createEventPageStore } from '../events/event-page-store.js'
import { cardRoutes } from '../loyalty/api/card-routes.js'
import { createCustomerDesk } from '../loyalty/api/customer-desk.js'
import { type CustomerRoutesNeeds, customerRoutes } from '../loyalty/api/customer-routes.js'
import { createMirroredStamps } from '../loyalty/api/mirrored-stamps.js'
import { createPlaces } from '../loyalty/api/places.js'
import { redemptionRoutes } from '../loyalty/api/redemption-routes.js'
import { stampRoutes } from '../loyalty/api/stamp-routes.js'
import { statsRoutes } from '../loyalty/api/stats-routes.js'
import { templateRoutes } from '../loyalty/api/template-routes.js'
import { createVoucherFinder } from '../loyalty/api/voucher-finder.js'
import { voucherRoutes } from '../loyalty/api/voucher-routes.js'
import { createCustomerStore } from '../loyalty/customer-store.js'
import { createLookupStore } from '../loyalty/lookup-store.js'
import { createHistoryStore } from '../loyalty/own/history-store.js'
import { createOwnStore } from '../loyalty/own/own-store.js'
import { createStatsStore } from '../loyalty/own/stats-store.js'
import { createTemplateStore } from '../loyalty/own/template-store.js'
import { messageRoutes } from '../notify/message-routes.js'
import { createSendMessage } from '../notify/send-message.js'
import type { Foundation } from './foundation.js'

/** The calls about customers, their cards and vouchers, and what is said to them. */
export const loyaltyCalls = (
  foundation: Foundation,
  createLinks: CustomerRoutesNeeds['createLinks'],
): readonly ApiCall[] => {
  const { db, loyalty, own, businesses, sealing, erasing, ledger, signals, chats, messageSettings, wording } =
    foundation
  const customers = createCustomerStore(db)
  const templates = createTemplateStore(db)
  const history = createHistoryStore(db)
  const lookups = createLookupStore(db)
  const events = createEventPageStore(db)
  const desk = createCustomerDesk({
    db,
    loyalty,
    customers,
    templates,
    lookups,
    familyOf: businesses.family,
    fingerprint: sealing.fingerprint,
  })
  const places = createPlaces({
    locationsOf: async (businessId) => (await db.read(businesses.locationsOf({ businessId }))).map(({ id }) => id),
    currencyOf: async (id) => (await db.read(businesses.byId({ id })))[0]?.currency ?? '',
  })
  const find = createVoucherFinder({ db, lookups, customers, own: createOwnStore(db), desk })
  return [
    ...customerRoutes({
      db,
      customers,
      desk,
      erase: erasing.eraseCustomer,
      exportPerson: erasing.exportPerson,
      createLinks,
    }),
    ...cardRoutes({
      db,
      loyalty,
      lookups,
      history,
      mirroredStamps: createMirroredStamps({ db, stampEventsOf: events.stampsOfCustomer }),
      own,
      desk,
      places,
    }),
    ...stampRoutes({ db, loyalty, history, own, desk, places }),
    ...voucherRoutes({ db, history, own, desk, places }),
    ...redemptionRoutes({ own, desk, places, find }),
    ...templateRoutes({ db, templates, own, desk }),
    ...statsRoutes({
      db,
      stats: createStatsStore(db),
      places,
      eventsByName: (of) =>
        events.countByName({ ...of, exceptCustomers: JSON.stringify(demoCustomerIds(of.businessId)) }),
    }),
    ...messageRoutes({
      db,
      settings: messageSettings,
      languages: wording.languages,
      send: createSendMessage({ db, ledger, signals, chatsOf: chats.ofCustomer }),
      businessOf: async (businessId, customerId) => (await desk.customer({ businessId }, customerId)).businessId,
    }),
  ]
}
