import { createAdmissions } from '../business/webhook-admissions.js'
import { DEMO_BUSINESS } from '../demo/demo-data.js'
import { assertNever } from '../errors.js'
import { createDeadLetters, type DeadLetters, type Drop, type Replay } from '../events/dead-letters.js'
import { createWaker } from '../events/waker.js'
import type { Foundation } from '../main/foundation.js'
import { type Command, type Printed, required } from './command.js'

const REPLAY = 'events replay <id> | --all'
const DROP = 'events drop <id> | --all'
const NONE_WAITS = 'No event waits for you.'

/** What is done with events that wait for a person. */
export const EVENT_COMMANDS: Readonly<Record<string, Command>> = {
  'events dead': {
    usage: 'events dead',
    about: 'list events that wait for you: failed five times, wrong fields, unknown names',
    run: async ({ foundation }) => {
      const letters = await deadLettersOf(foundation).list()
      return {
        rows: letters.map(({ id, name, state, attempts, receivedAt, reason }) => ({
          id,
          event: name,
          state,
          attempts,
          received: new Date(receivedAt).toISOString(),
          reason,
        })),
        empty: NONE_WAITS,
      }
    },
  },
  'events replay': {
    usage: REPLAY,
    about: 'give one such event, or all of them, another five tries by today’s rules',
    run: ({ foundation }, [id]) => {
      const deadLetters = deadLettersOf(foundation)
      return ofEach(deadLetters, required(id, REPLAY), deadLetters.replay)
    },
  },
  'events drop': {
    usage: DROP,
    about: 'give one such event, or all of them, up: it changes nothing',
    run: ({ foundation }, [id]) => {
      const deadLetters = deadLettersOf(foundation)
      return ofEach(deadLetters, required(id, DROP), deadLetters.drop)
    },
  },
}

const ofEach = async (
  deadLetters: DeadLetters,
  id: string,
  work: (id: string) => Promise<Replay | Drop>,
): Promise<Printed> => {
  const rows = []
  let failed = false
  for (const one of id === '--all' ? await listAll(deadLetters) : [id]) {
    const outcome = await work(one)
    rows.push({ id: one, outcome: describe(outcome) })
    if (outcome.kind !== 'replayed' && outcome.kind !== 'dropped') failed = true
  }
  return { rows, failed, empty: NONE_WAITS }
}

const describe = (outcome: Replay | Drop): string => {
  switch (outcome.kind) {
    case 'replayed':
    case 'dropped':
      return outcome.kind
    case 'not_found':
      return 'there is no such event'
    case 'not_waiting':
      return `does not wait: ${outcome.state}`
    case 'refused':
      return outcome.reason
    default:
      return assertNever(outcome)
  }
}

const listAll = async (deadLetters: DeadLetters): Promise<string[]> => {
  const ids: string[] = []
  for (let afterSeq = 0; ; ) {
    const page = await deadLetters.list({ afterSeq })
    const last = page.at(-1)
    if (!last) return ids
    ids.push(...page.map(({ id }) => id))
    afterSeq = last.seq
  }
}

const deadLettersOf = ({ db, journal, businesses, sealing, signals, queue, log }: Foundation): DeadLetters =>
  createDeadLetters({
    db,
    journal,
    admissions: createAdmissions({ db, store: businesses, sealing, signals, standIns: [DEMO_BUSINESS.externalId] }),
    waker: createWaker(queue, log),
  })
