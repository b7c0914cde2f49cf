import { createLink, type LinkPurpose } from '../../bots/chats/links.js'
import { removeStaffChat } from '../../bots/chats/staff-chats.js'
import { linkRows } from './chat-address.js'
import { type Command, type CommandContext, required, UsageError } from './command.js'

const LINK = 'staff link [--location <id> --shared]'

/** What the command line does with the chats of the team. */
export const STAFF_CHAT_COMMANDS: Readonly<Record<string, Command>> = {
  'staff link': {
    usage: LINK,
    about:
      'make a one-time link that turns the chat it is opened in into a staff chat (24 h), or into a location’s shared device, which asks for the cashier’s PIN',
    run: async (context, args) =>
      linkRows(
        context.foundation,
        await createLink(context.foundation, context.firstBusinessId, await purpose(context, args)),
      ),
  },
  'staff chats': {
    usage: 'staff chats',
    about: 'list the staff chats',
    run: async ({ foundation: { db, chats }, firstBusinessId: businessId }) => ({
      rows: (await db.read(chats.teamOf({ businessId }))).map(
        ({ id, messenger, isPrivate, sharedLocationId, linkedAt, createdAt }) => ({
          id,
          messenger,
          kind: sharedLocationId === null ? (isPrivate ? 'person' : 'group') : 'shared device',
          location: sharedLocationId,
          since: new Date(linkedAt ?? createdAt).toISOString(),
        }),
      ),
      empty: 'There is no staff chat yet: npm run cli -- staff link',
    }),
  },
  'staff unlink': {
    usage: 'staff unlink <chat id>',
    about: 'take a chat out of the team: it gets nothing and may do nothing from then on',
    run: async ({ foundation, firstBusinessId }, [chatId]) => {
      const id = required(chatId, 'staff unlink <chat id>')
      const isRemoved = await removeStaffChat(foundation, firstBusinessId, id)
      if (!isRemoved) return { rows: [], failed: true, empty: `There is no staff chat ${id}.` }
      return { rows: [], empty: 'That chat does not belong to the team any more.' }
    },
  },
}

/** A device that several cashiers share stands somewhere; a chat of one's own goes where its owner goes. */
const purpose = async (
  { foundation: { db, businesses }, firstBusinessId: businessId }: CommandContext,
  args: readonly string[],
): Promise<LinkPurpose> => {
  if (args.length === 0) return { kind: 'staff' }
  const [option, locationId] = args.filter((arg) => arg !== '--shared')
  const isComplete = args.length === 3 && args.includes('--shared') && option === '--location'
  if (!isComplete || locationId === undefined) throw new UsageError(`Use: npm run cli -- ${LINK}`)
  const locations = await db.read(businesses.locationsOf({ businessId }))
  const location = locations.find(({ id, externalId }) => id === locationId || externalId === locationId)
  if (!location) throw new UsageError(`There is no location ${locationId}. See: npm run cli -- link join`)
  return { kind: 'shared_device', locationId: location.id }
}
