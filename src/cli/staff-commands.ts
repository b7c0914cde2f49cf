import { randomInt } from 'node:crypto'
import { ROLES, type Role } from '../access/role.js'
import type { StaffOutcome } from '../access/roster.js'
import { type StaffMember, WHAT_TO_DO } from '../access/staff.js'
import { type Command, type CommandContext, type Printed, required, UsageError } from './command.js'
import { withOptions } from './options.js'

const ADD = 'staff add <name> <role> [--login <login>] [--location <id>]'
const PIN = 'staff pin <id> [--none]'

/** Who works for the business. A PIN is made here and shown once: typed as a word of a command it would stay in the shell's history. */
export const STAFF_COMMANDS: Readonly<Record<string, Command>> = {
  'staff add': {
    usage: ADD,
    about: `put somebody on the staff; the role is ${ROLES.join(', ')}`,
    run: async ({ foundation, firstBusinessId: businessId }, args) => {
      const { words, options } = withOptions(args, ADD, { names: ['login', 'location'] })
      const [name, role] = words
      const outcome = await foundation.access.roster.addStaff({
        businessId,
        actor: 'cli',
        name: required(name, ADD),
        role: roleOf(required(role, ADD)),
        login: options.login ?? null,
        locationId: options.location ?? null,
      })
      return printed(outcome, '')
    },
  },
  'staff list': {
    usage: 'staff list',
    about: 'list who is on the staff',
    run: async ({ foundation, firstBusinessId }) => ({
      rows: (await foundation.access.roster.listStaff(firstBusinessId)).map(rowOf),
      empty: `Nobody is on the staff yet. Use: npm run cli -- ${ADD}`,
    }),
  },
  'staff pin': {
    usage: PIN,
    about: 'make a new PIN for somebody, shown once; --none takes it away',
    run: async (context, [id, option]) => {
      const staffId = required(id, PIN)
      if (option === '--none') return setPin(context, staffId, null)
      if (option !== undefined) throw new UsageError(`Use: npm run cli -- ${PIN}`)
      return makePin(context, staffId)
    },
  },
  'staff remove': {
    usage: 'staff remove <id>',
    about: 'take somebody off the staff: what they may do ends at once, with PIN and API key',
    run: async ({ foundation, firstBusinessId: businessId }, [id]) => {
      const staffId = required(id, 'staff remove <id>')
      const outcome = await foundation.access.roster.removeStaff({ businessId, staffId, actor: 'cli' })
      return printed(outcome, outcome.kind === 'done' ? `${outcome.staff.name} is no longer on the staff.` : '')
    },
  },
}

const roleOf = (given: string): Role => {
  const role = ROLES.find((each) => each === given)
  if (role !== undefined) return role
  throw new UsageError(`There is no role "${given}"; there are ${ROLES.join(', ')}.`)
}

const PIN_FORMS = 10_000
/** Enough to find a free one even where every other PIN is somebody's. */
const MAX_DRAWS = 50

const makePin = async (context: CommandContext, staffId: string): Promise<Printed> => {
  for (let draw = 1; ; draw++) {
    const pin = String(randomInt(PIN_FORMS)).padStart(4, '0')
    const outcome = await setPinOf(context, staffId, pin)
    const isUnlucky = outcome.kind === 'refused' && (outcome.reason === 'pin_obvious' || outcome.reason === 'pin_taken')
    if (isUnlucky && draw < MAX_DRAWS) continue
    if (outcome.kind === 'refused') return printed(outcome, '')
    return { rows: [{ id: staffId, name: outcome.staff.name, pin }], empty: '' }
  }
}

const setPin = async (context: CommandContext, staffId: string, pin: null): Promise<Printed> => {
  const outcome = await setPinOf(context, staffId, pin)
  return printed(outcome, outcome.kind === 'done' ? `${outcome.staff.name} has no PIN any more.` : '')
}

const setPinOf = ({ foundation, firstBusinessId: businessId }: CommandContext, staffId: string, pin: string | null) =>
  foundation.access.roster.setPin({ businessId, staffId, pin, actor: 'cli' })

/** What became of a change: a sentence where there is one, else the row as it is now. */
const printed = (outcome: StaffOutcome, sentence: string): Printed => {
  if (outcome.kind === 'refused') return { rows: [], failed: true, empty: WHAT_TO_DO[outcome.reason] }
  return { rows: sentence === '' ? [rowOf(outcome.staff)] : [], empty: sentence }
}

const rowOf = ({ id, name, login, role, locationId, hasPin }: StaffMember) => ({
  id,
  name,
  login,
  role,
  location: locationId ?? 'every',
  pin: hasPin ? 'yes' : 'no',
})
