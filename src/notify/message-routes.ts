import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type ApiCall, apiCall } from '../api/api-call.js'
import { id } from '../api/fields.js'
import { DESK } from '../api/who-may.js'
import type { Database } from '../db/database.js'
import { AppError } from '../errors.js'
import { uuidV5 } from '../ids.js'
import {
  defaultLevel,
  isMessageEvent,
  type MessageEvent,
  type MessageSetting,
  OFFERED_VARIABLES,
  parseMessageSetting,
} from './message-settings.js'
import type { MessageSettingsStore } from './message-settings-store.js'
import type { createSendMessage } from './send-message.js'

export interface MessageRoutesNeeds {
  readonly db: Database
  readonly settings: MessageSettingsStore
  readonly languages: ReadonlySet<string>
  readonly send: ReturnType<typeof createSendMessage>
  /** The business of a customer whom a caller of `businessId` may speak to. Rejects with AppError('not_found'). */
  businessOf(businessId: string, customerId: string): Promise<string>
}

const TEXT_MAX = 1_000

const settingJson = z
  .strictObject({
    event: z.string(),
    level: z.enum(['on', 'milestones', 'off']),
    texts: z.record(z.string(), z.string()).describe('By language; other languages say what they say by default.'),
    variables: z.array(z.string()).describe('What a text may name, as {{name}}.'),
  })
  .meta({ id: 'MessageSetting' })

export const messageRoutes = ({
  db,
  settings,
  languages,
  send,
  businessOf,
}: MessageRoutesNeeds): readonly ApiCall[] => [
  apiCall({
    method: 'POST',
    path: '/messages',
    tag: 'Messages',
    summary: 'Say one thing to one customer; marketing reaches only those who agreed to it',
    may: DESK,
    body: z.strictObject({
      customer_id: id('c'),
      class: z.enum(['service', 'marketing']),
      text: z.string().trim().min(1).max(TEXT_MAX),
    }),
    answer: z.strictObject({ delivery_id: z.string(), status: z.literal('pending') }),
    examples: [
      {
        title: 'A forgotten umbrella',
        body: { customer_id: 'c_linked_example', class: 'service', text: 'You left your umbrella here.' },
        status: 202,
      },
    ],
    refusals: ['not_linked'],
    handle: async ({ caller, body, key, now }) => {
      const { customer_id: customerId, class: consentClass, text } = body
      const businessId = await businessOf(caller.businessId, customerId)
      const messageId = key === null ? randomUUID() : uuidV5('message', caller.businessId, key)
      const sent = await send({ businessId, customerId, class: consentClass, text, id: messageId, now })
      if (sent.kind === 'not_linked') throw new AppError('not_linked', 'The customer has no chat with the bot yet.')
      return { status: 202, body: { delivery_id: sent.deliveryId, status: 'pending' } }
    },
  }),
  apiCall({
    method: 'GET',
    path: '/messages/{event}',
    tag: 'Messages',
    summary: 'What customers hear of an event, and in whose words',
    may: DESK,
    answer: settingJson,
    examples: [{ title: 'Of stamps', params: { event: 'stamp_added' }, status: 200 }],
    handle: async ({ caller: { businessId }, params }) => {
      const event = eventIn(params.event)
      const known = (await db.read(settings.settingsOf({ businessId }))).find((setting) => setting.event === event)
      return { status: 200, body: present(known ?? { event, level: defaultLevel(event), texts: {} }) }
    },
  }),
  apiCall({
    method: 'PUT',
    path: '/messages/{event}',
    tag: 'Messages',
    summary: 'Decide what customers hear of an event, and put it in your own words',
    may: DESK,
    body: z.strictObject({
      level: z.enum(['on', 'milestones', 'off']).optional().describe('`milestones` is for stamps alone.'),
      texts: z.record(z.string(), z.string()).optional(),
    }),
    answer: settingJson,
    examples: [
      {
        title: 'In your own words',
        params: { event: 'goal_reached' },
        body: { level: 'on', texts: { en: '{{business}}: your {{reward}} is ready!' } },
        status: 200,
      },
    ],
    handle: async ({ caller: { businessId }, params, body, now }) => {
      const setting = parseMessageSetting(eventIn(params.event), body, languages)
      await db.write(settings.setMessage(businessId, setting, now))
      return { status: 200, body: present(setting) }
    },
  }),
]

const eventIn = (name: string): MessageEvent => {
  if (isMessageEvent(name)) return name
  throw new AppError(
    'not_found',
    `No message is told of this event: there are ${Object.keys(OFFERED_VARIABLES).join(', ')}.`,
  )
}

const present = ({ event, level, texts }: MessageSetting): z.input<typeof settingJson> => ({
  event,
  level,
  texts: { ...texts },
  variables: [...OFFERED_VARIABLES[event]],
})
