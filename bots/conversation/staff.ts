import { type Answer, type Effect, reply } from './answer.js'
import type { Facts } from './facts.js'
import type { Intent } from './intent.js'
import { language } from './language.js'
import { askForReply, dropReply, sendReply } from './team-reply.js'
import { linkAtTill, takeTillCode } from './till.js'
import type { Turn } from './turn.js'
import { unlink } from './unlink.js'

/** A staff chat gets alerts, and links guests at the till; besides that it can only be silenced, translated and disconnected. */
export const answerStaff = (intent: Intent, turn: Turn): Answer => {
  const { facts } = turn
  switch (intent.kind) {
    case 'start':
      return facts.chat.stopped ? say('staff.resumed', facts, [{ kind: 'resume' }]) : help(facts)
    case 'stop':
      return facts.chat.stopped ? reply([]) : say('staff.stopped', facts, [{ kind: 'stop' }])
    case 'language':
      return language(intent.tag, turn)
    case 'unlink':
      return unlink(intent.confirmed, turn)
    case 'till_code':
      return takeTillCode(intent.code, turn)
    case 'till_card':
      return linkAtTill(intent.card, intent.code, turn)
    case 'open_reply':
      return askForReply(turn)
    case 'reply':
      return sendReply(intent.questionId, intent.text, turn)
    case 'drop_reply':
      return dropReply()
    case 'unblocked':
      return reply([])
    default:
      return help(facts)
  }
}

const help = ({ business }: Facts): Answer =>
  reply([{ phrases: [{ key: 'staff.help', params: { business: business.name } }, { key: 'staff.till' }] }])

const say = (key: string, { business }: Facts, effects: readonly Effect[] = []): Answer =>
  reply([{ phrases: [{ key, params: { business: business.name } }] }], effects)
