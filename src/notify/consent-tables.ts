import type { Kit } from '../db/kit.js'

export type ConsentClass = 'service' | 'marketing'
export type Channel = 'messengers' | 'push' | 'email' | 'webhook'

/** `asked`: the question went out; as long as nobody answers, it is a no. */
export type ConsentState = 'asked' | 'granted' | 'refused'

export const consentTables = (k: Kit) => {
  /**
   * What holds now. No row: service is allowed while linked, marketing is not. A refused service consent is STOP: it ends
   * everything unasked on the channel, whatever the marketing consent says.
   */
  const consents = k.table(
    'consents',
    {
      customerId: k.text('customer_id').notNull(),
      channel: k.text('channel').$type<Channel>().notNull(),
      class: k.text('class').$type<ConsentClass>().notNull(),
      state: k.text('state').$type<ConsentState>().notNull(),
      changedAt: k.int('changed_at').notNull(),
    },
    (t) => [k.primaryKey({ columns: [t.customerId, t.channel, t.class] })],
  )
  /** The proof: every question, yes and no with the text that was read, never changed. */
  const consentLog = k.table(
    'consent_log',
    {
      seq: k.serial('seq'),
      customerId: k.text('customer_id').notNull(),
      channel: k.text('channel').$type<Channel>().notNull(),
      class: k.text('class').$type<ConsentClass>().notNull(),
      state: k.text('state').$type<ConsentState>().notNull(),
      /** What the person did: answered the question, wrote STOP, … */
      source: k.text('source').notNull(),
      textVersion: k.text('text_version'),
      language: k.text('language'),
      at: k.int('at').notNull(),
    },
    (t) => [k.index('consent_log_of_customer').on(t.customerId)],
  )
  return { consents, consentLog }
}
