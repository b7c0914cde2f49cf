import type { Router } from 'express'
import { createLink } from '../../bots/chats/links.js'
import type { DemoHearing, DemoState, Frame } from '../demo/demo-data.js'
import { demoRoutes } from '../demo/demo-routes.js'
import { createDemoStore } from '../demo/demo-store.js'
import { seedDemo } from '../demo/seed-demo.js'
import { AppError } from '../errors.js'
import { customerIdOf } from '../events/journaled-event.js'
import type { Channel, ConsentClass, ConsentState } from '../notify/consent-tables.js'
import type { Foundation } from './foundation.js'

export interface Demo {
  readonly router: Router
  /** Sends the demo people's frames through the real webhook. Once the server listens. */
  seed(): Promise<void>
}

export interface DemoOptions {
  readonly foundation: Foundation
  readonly businessId: string
  readonly webhookToken: string
  loopbackPort(): number
}

/** The demo's people are real rows of the first business with real events; only their flag tells them apart. */
export const openDemo = (options: DemoOptions): Demo => {
  const { foundation, businessId, webhookToken, loopbackPort } = options
  const { config, clock } = foundation
  const path = `/webhooks/7stamp/${webhookToken}`
  const loopbackUrl = () => `http://127.0.0.1:${loopbackPort()}${path}`
  const customerId = (externalId: string) => customerIdOf(businessId, externalId)
  return {
    router: demoRoutes({
      clock,
      get webhookUrl() {
        return `${config.http.publicUrl ?? `http://localhost:${loopbackPort()}`}${path}`
      },
      loopbackUrl,
      readState: (externalId) => readState(foundation, customerId(externalId)),
      createLink: (externalId) =>
        createLink(foundation, businessId, { kind: 'customer', customerId: customerId(externalId) }),
      removeDemo: () => removeDemo(foundation, businessId),
    }),
    seed: () => seedDemo(clock(), (frame) => post(loopbackUrl(), frame)),
  }
}

/** Forgets the demo's people, cards and vouchers; chats that showed them are guests again. */
export const removeDemo = async ({ db }: Foundation, businessId: string): Promise<void> => {
  await db.write(...createDemoStore(db).remove(businessId))
}

const readState = async (
  { db, loyalty, chats, consents, clock }: Foundation,
  customerId: string,
): Promise<DemoState | null> => {
  const [[card], vouchers, linked, agreed] = await Promise.all([
    db.read(loyalty.cardsOf({ customerId })),
    db.read(loyalty.vouchersOf({ customerId, now: clock() })),
    db.read(chats.ofCustomer({ customerId })),
    db.read(consents.ofCustomer({ customerId })),
  ])
  if (!card) return null
  const open = vouchers.filter(({ state }) => state === 'issued' || state === 'active')
  return {
    stamps: card.stamps,
    openVouchers: open.flatMap(({ externalId }) => externalId ?? []),
    hearing: hearingOf(linked.length > 0, agreed),
  }
}

const hearingOf = (isLinked: boolean, consents: readonly Consent[]): DemoHearing => {
  if (!isLinked) return 'no_chat'
  const stateOf = (wanted: ConsentClass) =>
    consents.find((one) => one.channel === 'messengers' && one.class === wanted)?.state
  if (stateOf('service') === 'refused') return 'stopped'
  return stateOf('marketing') === 'granted' ? 'all' : 'no_offers'
}

interface Consent {
  readonly channel: Channel
  readonly class: ConsentClass
  readonly state: ConsentState
}

const post = async (url: string, frame: Frame): Promise<void> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(frame),
  })
  if (!response.ok) throw new AppError('unavailable', `the demo's ${frame.event} was answered ${response.status}`)
}
