import type { Author } from '../access/audit-log.js'
import { randomToken } from '../ids.js'
import { type LogEntry, logEntryOf } from '../subscriptions/delivery-log.js'
import type { WhatToReplay } from '../subscriptions/replay.js'
import type { Subscription } from '../subscriptions/subscriptions.js'
import { type Command, required, UsageError } from './command.js'
import { withOptions } from './options.js'

const ADD = 'webhooks add <url> [--events <name,name>] [--include-contact]'
const REMOVE = 'webhooks remove <id>'
const TEST = 'webhooks test <id>'
const REPLAY = 'webhooks replay <id> <event id> | webhooks replay <id> --from <time> --to <time>'
const DELIVERIES = 'webhooks deliveries <id>'
const ROTATE = 'webhooks rotate <id>'
const ENABLE = 'webhooks enable <id>'

const DELIVERIES_SHOWN = 50

/** Outgoing webhooks. A secret is printed once and never again. */
export const WEBHOOK_COMMANDS: Readonly<Record<string, Command>> = {
  'webhooks add': {
    usage: ADD,
    about: 'send events to an address from now on; its secret is shown once',
    run: async ({ foundation: { webhooks }, firstBusinessId }, args) => {
      const { words, options, flags } = withOptions(args, ADD, { names: ['events'], flags: ['include-contact'] })
      const { subscription, secret } = await webhooks.subscriptions.add(by(firstBusinessId), {
        url: required(words[0], ADD),
        events: options.events?.split(',').map((name) => name.trim()) ?? null,
        include_contact: flags['include-contact'] ?? false,
      })
      return { rows: [{ id: subscription.id, url: subscription.url, secret }], empty: '' }
    },
  },
  'webhooks list': {
    usage: 'webhooks list',
    about: 'list who is sent events',
    run: async ({ foundation: { webhooks }, firstBusinessId }) => ({
      rows: (await webhooks.subscriptions.list(firstBusinessId)).map(rowOf),
      empty: `Events are sent to nobody yet. Use: npm run cli -- ${ADD}`,
    }),
  },
  'webhooks remove': {
    usage: REMOVE,
    about: 'send nothing more to an address',
    run: async ({ foundation: { webhooks }, firstBusinessId }, [id]) => {
      await webhooks.subscriptions.remove(by(firstBusinessId), required(id, REMOVE))
      return { rows: [], empty: 'Nothing more is sent there.' }
    },
  },
  'webhooks test': {
    usage: TEST,
    about: 'send a test, once, also where the webhook is disabled',
    run: async ({ foundation: { webhooks }, firstBusinessId }, [id]) => ({
      rows: [{ delivery: await webhooks.subscriptions.test(firstBusinessId, required(id, TEST)) }],
      empty: '',
    }),
  },
  'webhooks replay': {
    usage: REPLAY,
    about: 'send an event again, or all that came from one time on and before another',
    run: async ({ foundation: { webhooks }, firstBusinessId }, args) => {
      const { words, options } = withOptions(args, REPLAY, { names: ['from', 'to'] })
      const [id, eventId] = words
      const what: WhatToReplay =
        eventId === undefined ? { from: timeIn(options.from), to: timeIn(options.to) } : { eventId }
      const deliveries = await webhooks.replay(firstBusinessId, required(id, REPLAY), what, randomToken(22))
      return { rows: [{ deliveries }], empty: '' }
    },
  },
  'webhooks deliveries': {
    usage: DELIVERIES,
    about: 'show what was sent to an address and what became of it, the newest first',
    run: async ({ foundation: { db, webhooks }, firstBusinessId }, [id]) => {
      const { id: recipientId } = await webhooks.subscriptions.get(firstBusinessId, required(id, DELIVERIES))
      const newest = { beforeAt: Number.MAX_SAFE_INTEGER, beforeId: '' }
      const rows = await db.read(webhooks.log.page({ recipientId, ...newest, limit: DELIVERIES_SHOWN }))
      const tries = await db.read(webhooks.log.triesOf({ ids: JSON.stringify(rows.map((row) => row.id)) }))
      return { rows: rows.map((row) => entryRow(logEntryOf(row, tries))), empty: 'Nothing was sent there yet.' }
    },
  },
  'webhooks rotate': {
    usage: ROTATE,
    about: 'give a webhook another secret, shown once; the former signs beside it for a day',
    run: async ({ foundation: { webhooks }, firstBusinessId }, [id]) => ({
      rows: [{ secret: await webhooks.subscriptions.rotateSecret(by(firstBusinessId), required(id, ROTATE)) }],
      empty: '',
    }),
  },
  'webhooks enable': {
    usage: ENABLE,
    about: 'send to a disabled webhook again; what it missed is sent by webhooks replay',
    run: async ({ foundation: { webhooks }, firstBusinessId }, [id]) => ({
      rows: [rowOf(await webhooks.subscriptions.enable(by(firstBusinessId), required(id, ENABLE)))],
      empty: '',
    }),
  },
}

const by = (businessId: string): Author => ({ businessId, actor: 'cli' })

const timeIn = (text: string | undefined): number => {
  const at = Date.parse(text ?? '')
  if (Number.isNaN(at)) throw new UsageError(`Use: npm run cli -- ${REPLAY}`)
  return at
}

const rowOf = ({ id, url, events, includeContact, state, disabledReason, disabledAt }: Subscription) => ({
  id,
  url,
  events: events === null ? 'all' : events.join(','),
  contact: includeContact ? 'yes' : 'no',
  state,
  reason: disabledReason,
  since: timeText(disabledAt),
})

const entryRow = ({ id, eventId, state, tries, nextTryAt, reason }: LogEntry) => {
  const last = tries.at(-1)
  return {
    id,
    event: eventId,
    state,
    status: last?.statusCode ?? null,
    ms: last?.durationMs ?? null,
    tries: last?.number ?? 0,
    next_try: timeText(nextTryAt),
    reason,
  }
}

const timeText = (unixMs: number | null): string | null => (unixMs === null ? null : new Date(unixMs).toISOString())
