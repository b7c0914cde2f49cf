import { type ListedKey, type NewKeyOutcome, WHAT_TO_DO_ABOUT_KEYS } from '../access/key-ring.js'
import { WHAT_TO_DO } from '../access/staff.js'
import { type Command, type Printed, required } from './command.js'
import { withOptions } from './options.js'

const OWNER = 'owner create <name> <login>'
const CREATE = 'keys create <staff id> [--name <name>] [--read-only]'
const REGENERATE = 'keys regenerate <id>'
const DELETE = 'keys delete <id>'

/** API keys, and the first owner with the first of them. A key is printed once and never again. */
export const KEY_COMMANDS: Readonly<Record<string, Command>> = {
  'owner create': {
    usage: OWNER,
    about: 'make the first owner, with an API key that is shown once',
    run: async ({ foundation: { access }, firstBusinessId: businessId }, [name, login]) => {
      const owner = { name: required(name, OWNER), login: required(login, OWNER), role: 'owner' as const }
      const staff = await access.roster.listStaff(businessId)
      if (staff.some(({ role }) => role === 'owner'))
        return failed(`There is an owner. Use: npm run cli -- staff add, and keys create.`)
      const added = await access.roster.addStaff({ businessId, actor: 'cli', ...owner })
      if (added.kind === 'refused') return failed(WHAT_TO_DO[added.reason])
      const staffId = added.staff.id
      return keyPrinted(
        await access.keyRing.createKey({ businessId, actor: 'cli', staffId, name: owner.name }),
        staffId,
      )
    },
  },
  'keys create': {
    usage: CREATE,
    about: 'make the API key of a staff login, shown once',
    run: async ({ foundation: { access }, firstBusinessId: businessId }, args) => {
      const { words, options, flags } = withOptions(args, CREATE, { names: ['name'], flags: ['read-only'] })
      const staffId = required(words[0], CREATE)
      const name = options.name ?? (await access.roster.findStaff(businessId, staffId))?.name ?? ''
      const isReadOnly = flags['read-only'] ?? false
      const made = await access.keyRing.createKey({ businessId, actor: 'cli', staffId, name, isReadOnly })
      return keyPrinted(made, staffId)
    },
  },
  'keys list': {
    usage: 'keys list',
    about: 'list the API keys, masked',
    run: async ({ foundation: { access }, firstBusinessId }) => ({
      rows: (await access.keyRing.listKeys(firstBusinessId)).map(rowOf),
      empty: `There is no API key yet. Use: npm run cli -- ${CREATE}`,
    }),
  },
  'keys regenerate': {
    usage: REGENERATE,
    about: 'give a key another secret, shown once; the former is refused within a second',
    run: async ({ foundation: { access }, firstBusinessId: businessId }, [id]) =>
      keyPrinted(
        await access.keyRing.regenerateKey({ businessId, actor: 'cli', keyId: required(id, REGENERATE) }),
        null,
      ),
  },
  'keys delete': {
    usage: DELETE,
    about: 'end a key: it is refused within a second',
    run: async ({ foundation: { access }, firstBusinessId: businessId }, [id]) => {
      const keyId = required(id, DELETE)
      const outcome = await access.keyRing.deleteKey({ businessId, actor: 'cli', keyId })
      if (outcome.kind === 'refused') return failed(WHAT_TO_DO_ABOUT_KEYS[outcome.reason])
      return { rows: [], empty: 'The key is deleted.' }
    },
  },
}

const keyPrinted = (outcome: NewKeyOutcome, staffId: string | null): Printed => {
  if (outcome.kind === 'refused') return failed(WHAT_TO_DO_ABOUT_KEYS[outcome.reason])
  const { id, key } = outcome
  return { rows: [{ id, ...(staffId === null ? {} : { staff: staffId }), key }], empty: '' }
}

const rowOf = ({ id, name, login, maskedKey, status, isReadOnly, lastUsedAt }: ListedKey) => ({
  id,
  name,
  login,
  key: maskedKey,
  status,
  access: isReadOnly ? 'read' : 'full',
  last_used: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
})

const failed = (sentence: string): Printed => ({ rows: [], failed: true, empty: sentence })
