import { createLink } from '../../bots/chats/links.js'
import { joinPayload } from '../../bots/conversation/join-link.js'
import { demand } from '../db/database.js'
import { PURPOSES, type Purpose } from '../deliveries/delivery.js'
import { AppError } from '../errors.js'
import { customerIdOf } from '../events/journaled-event.js'
import { removeDemo } from '../main/demo.js'
import { ADOPT_COMMANDS } from './adopt-command.js'
import { AUDIT_COMMANDS } from './audit-commands.js'
import { BACKUP_COMMANDS } from './backup-commands.js'
import { baseUrlOf, chatAddress, linkRows } from './chat-address.js'
import { type Command, required, UsageError } from './command.js'
import { EVENT_COMMANDS } from './event-commands.js'
import { EXPORT_COMMANDS } from './export-command.js'
import { IMPORT_COMMANDS } from './import-command.js'
import { INIT_COMMANDS } from './init-command.js'
import { KEY_COMMANDS } from './key-commands.js'
import { STAFF_CHAT_COMMANDS } from './staff-chat-commands.js'
import { STAFF_COMMANDS } from './staff-commands.js'
import { WEBHOOK_COMMANDS } from './webhook-commands.js'

/** Everything that the command line can do, by its words. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  ...INIT_COMMANDS,
  ...EVENT_COMMANDS,
  'setup-link': {
    usage: 'setup-link',
    about: 'make a one-time link that opens the setup page (24 h)',
    run: async ({ foundation }) => ({
      rows: [{ setup: `${baseUrlOf(foundation)}/?setup=${await foundation.setupAccess.createLink()}` }],
      empty: '',
    }),
  },
  'setup-close': {
    usage: 'setup-close',
    about: 'sign every browser out of the setup page, and end its links',
    run: async ({ foundation }) => {
      await foundation.setupAccess.endAll()
      return { rows: [], empty: 'No browser is signed in to the setup any more.' }
    },
  },
  ...STAFF_CHAT_COMMANDS,
  'link customer': {
    usage: 'link customer <7stamp’s customer id>',
    about: 'make a one-time link that shows this customer’s card in the chat it is opened in (15 min)',
    run: async ({ foundation, firstBusinessId }, [externalId]) => {
      const customerId = customerIdOf(firstBusinessId, required(externalId, 'link customer <7stamp’s customer id>'))
      const [customer] = await foundation.db.read(foundation.loyalty.customerById({ id: customerId }))
      if (!customer) return { rows: [], failed: true, empty: `No event has named customer ${externalId} yet.` }
      return linkRows(foundation, await createLink(foundation, firstBusinessId, { kind: 'customer', customerId }))
    },
  },
  'link join': {
    usage: 'link join',
    about: 'show the links for the counter, one for each location: they greet everybody and grant nothing',
    run: async ({ foundation, firstBusinessId }) => {
      const { db, businesses } = foundation
      const locations = await db.read(businesses.locationsOf({ businessId: firstBusinessId }))
      const places = locations.length > 0 ? locations : [{ id: 'counter', name: null, externalId: null }]
      return {
        rows: places.map(({ id, name, externalId }) => ({
          location: name ?? externalId ?? 'any',
          web: chatAddress(foundation, joinPayload(id)),
          payload: joinPayload(id),
        })),
        empty: '',
      }
    },
  },
  'deliveries count': {
    usage: 'deliveries count',
    about: 'count what has left, and what became of it',
    run: async ({ foundation: { db, ledger } }) => ({
      rows: await db.read(ledger.countByState({})),
      empty: 'Nothing has left yet.',
    }),
  },
  'deliveries unknown': {
    usage: 'deliveries unknown',
    about: 'list messages of which nobody knows whether they arrived',
    run: async ({ foundation: { db, ledger } }) => {
      const unknown = await db.read(ledger.listUnknown({ limit: 200 }))
      return {
        rows: unknown.map(({ since, ...row }) => ({ ...row, since: new Date(since).toISOString() })),
        empty: 'What became of every message is known.',
      }
    },
  },
  'deliveries resend': {
    usage: 'deliveries resend <id>',
    about: 'send an unknown or failed message again; if it had arrived, it arrives twice',
    run: async ({ foundation: { db, ledger, clock } }, [id]) => {
      const reopen = ledger.reopen({ id: required(id, 'deliveries resend <id>'), now: clock() })
      try {
        await db.write(demand(1, reopen))
        return { rows: [], empty: 'It leaves within a second, if the program runs.' }
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'conflict')) throw error
        return { rows: [], failed: true, empty: `There is no unknown or failed message ${id}.` }
      }
    },
  },
  'deliveries policy': {
    usage: 'deliveries policy [<purpose> hold | resend]',
    about:
      'what becomes of unknown messages of a purpose: held for you (so at first), or sent again although they may arrive twice',
    run: async ({ foundation: { db, resends }, firstBusinessId: businessId }, [purpose, choice]) => {
      if (purpose !== undefined) {
        const change = policyOf(purpose, choice)
        await db.write((change.isResent ? resends.choose : resends.unchoose)({ businessId, purpose: change.purpose }))
      }
      const chosen = await db.read(resends.chosen({ businessId }))
      const isChosen = (one: Purpose) => chosen.some((each) => each.purpose === one)
      return { rows: HELD.map((one) => ({ purpose: one, unknown: isChosen(one) ? 'resend' : 'hold' })), empty: '' }
    },
  },
  ...STAFF_COMMANDS,
  ...KEY_COMMANDS,
  ...AUDIT_COMMANDS,
  ...WEBHOOK_COMMANDS,
  ...IMPORT_COMMANDS,
  ...ADOPT_COMMANDS,
  ...EXPORT_COMMANDS,
  ...BACKUP_COMMANDS,
  'demo remove': {
    usage: 'demo remove',
    about: 'remove the demo’s people with their cards and vouchers',
    run: async ({ foundation, firstBusinessId }) => {
      await removeDemo(foundation, firstBusinessId)
      return { rows: [], empty: 'The demo’s people are gone. Start with DEMO=0 to hide the panel too.' }
    },
  },
}

/** An edit shows nothing twice and is always sent again; a test is sent by whoever looks at it. */
const HELD = PURPOSES.filter((purpose) => purpose !== 'edit' && purpose !== 'test')

const policyOf = (wished: string, choice: string | undefined): { purpose: Purpose; isResent: boolean } => {
  const purpose = HELD.find((each) => each === wished)
  if (purpose === undefined) throw new UsageError(`There is no purpose "${wished}"; there are ${HELD.join(', ')}.`)
  if (choice !== 'hold' && choice !== 'resend')
    throw new UsageError(`Use: npm run cli -- deliveries policy ${purpose} hold | resend`)
  return { purpose, isResent: choice === 'resend' }
}
