import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ChatStore, createChatStore } from '../../bots/chats/chat-store.js'
import { createWebStore, type WebStore } from '../../bots/web/web-store.js'
import { createContentForgetter } from '../../src/deliveries/forget.js'
import { forgetIdleGuests } from '../../src/main/idle-guests.js'
import { openTestSqlite, type TestDatabase } from '../support/sqlite.js'

const LONG_AGO = 1_000
const TODAY = 1_000_000

describe('guests who have not been heard of for long', () => {
  let file: TestDatabase
  let chats: ChatStore
  let web: WebStore
  beforeEach(async () => {
    file = await openTestSqlite()
    chats = createChatStore(file.db)
    web = createWebStore(file.db)
  })
  afterEach(() => file.close())

  const visits = async (address: string, change: object = {}) => {
    await web.addVisitor({ tokenHash: `hash of ${address}`, businessId: 'b_1', address, now: LONG_AGO })
    await web.append(address, { kind: 'own', messageId: 'm1', body: { text: 'I am Olena, 0501112233' } })
    await file.db.write(
      chats.addChat({
        ...{ id: `chat_${address}`, businessId: 'b_1', lane: 'web:b_1', messenger: 'web', address, isPrivate: true },
        ...{ role: 'guest', customerId: null, dialogue: null, guesses: 0, guessesSince: 0 },
        ...{ lastSeenAt: LONG_AGO, createdAt: LONG_AGO },
        ...change,
      }),
    )
  }
  const forget = () =>
    forgetIdleGuests({ db: file.db, chats, web, contents: createContentForgetter(file.db, () => []) }, TODAY)
  const isKnown = async (address: string) => {
    const [chat] = await file.db.read(chats.byAddress({ lane: 'web:b_1', address }))
    return [chat !== undefined, (await web.listMessages(address, 0, 10)).length > 0]
  }

  test('are forgotten with all they wrote', async () => {
    await visits('passer-by')
    expect(await forget()).toBe(1)
    expect(await isKnown('passer-by')).toEqual([false, false])
    expect(await web.findVisitor('hash of passer-by')).toBeNull()
    expect(await forget()).toBe(0)
  })

  test('but not who came back, who is linked, who is staff, or who said STOP', async () => {
    await visits('back again', { lastSeenAt: TODAY })
    await visits('linked', { role: 'customer', customerId: 'c_1' })
    await visits('staff', { role: 'staff' })
    await visits('stopped', { stoppedAt: LONG_AGO })
    expect(await forget()).toBe(0)
    for (const address of ['back again', 'linked', 'staff', 'stopped'])
      expect(await isKnown(address)).toEqual([true, true])
  })
})
