import { chatTables } from '../bots/chats/chat-tables.js'
import { telegramTables } from '../bots/telegram/telegram-tables.js'
import { webTables } from '../bots/web/web-tables.js'
import { accessTables } from './access/access-tables.js'
import { apiTables } from './api/api-tables.js'
import { businessTables } from './business/business-tables.js'
import type { Kit } from './db/kit.js'
import { leaseTables } from './db/lease-tables.js'
import { deliveryTables } from './deliveries/delivery-tables.js'
import { erasureTables } from './erasure/erasure-tables.js'
import { eventTables } from './events/event-tables.js'
import { adoptTables } from './loyalty/adopt/adopt-tables.js'
import { importTables } from './loyalty/import/import-tables.js'
import { loyaltyTables } from './loyalty/loyalty-tables.js'
import { ownTables } from './loyalty/own/own-tables.js'
import { alertTables } from './notify/alert-tables.js'
import { consentTables } from './notify/consent-tables.js'
import { hearsTables } from './notify/hears-tables.js'
import { messageSettingsTables } from './notify/message-settings-tables.js'
import { pictureTables } from './pictures/picture-tables.js'
import { setupTables } from './setup/setup-tables.js'
import { subscriptionTables } from './subscriptions/subscription-tables.js'

/** All tables, declared by the capabilities that own them. Only migrations are made from this; code asks its capability. */
export const schemaOf = (kit: Kit) => ({
  ...leaseTables(kit),
  ...businessTables(kit),
  ...accessTables(kit),
  ...apiTables(kit),
  ...eventTables(kit),
  ...loyaltyTables(kit),
  ...ownTables(kit),
  ...importTables(kit),
  ...adoptTables(kit),
  ...consentTables(kit),
  ...hearsTables(kit),
  ...messageSettingsTables(kit),
  ...alertTables(kit),
  ...deliveryTables(kit),
  ...erasureTables(kit),
  ...pictureTables(kit),
  ...setupTables(kit),
  ...subscriptionTables(kit),
  ...chatTables(kit),
  ...telegramTables(kit),
  ...webTables(kit),
})
