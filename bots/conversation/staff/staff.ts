import { type Answer, type Effect, reply } from '../answer.js'
import type { Facts } from '../facts.js'
import type { Intent } from '../intent.js'
import { language } from '../language.js'
import { linkAtTill, takeTillCode } from '../till.js'
import type { Turn } from '../turn.js'
import { unlink } from '../unlink.js'
import { readingOf } from '../voucher-code.js'
import { findsNothing, lookUp } from './look-up.js'
import { openTill } from './open-till.js'
import { lock } from './pin.js'
import { redeem } from './redeem.js'
import { staffChats } from './staff-chats.js'
import { giveStamps, undoStamps } from './stamping.js'
import { askForReply, dropReply, sendReply } from './team-reply.js'

/** A staff chat gets alerts, redeems vouchers, stamps cards, and links guests at the till; besides that it can be silenced, translated and disconnected. */
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
    case 'scanned':
      return lookUp(turn)
    case 'voucher_code':
      return takeVoucherCode(intent.code, turn)
    case 'redeem':
      return redeem(intent.choice, turn)
    case 'stamp':
      return giveStamps(intent, turn)
    case 'undo_stamps':
      return undoStamps(intent.stampId, turn)
    case 'pin':
      return openTill(turn)
    case 'lock':
      return lock()
    case 'staff_chats':
      return staffChats(intent.wish, turn)
    case 'unblocked':
      return reply([])
    default:
      return help(facts)
  }
}

/** Whoever types neither a number nor a code looks for nothing, and is told what can be done here. */
const takeVoucherCode = (code: string, turn: Turn): Answer => {
  if (readingOf(code) === 'code' || !findsNothing(turn.facts)) return lookUp(turn)
  return { ...help(turn.facts), effects: [{ kind: 'countLookup' }] }
}

const help = ({ business, chat }: Facts): Answer =>
  reply([
    {
      phrases: [
        { key: 'staff.help', params: { business: business.name } },
        { key: 'staff.till' },
        { key: 'staff.voucher' },
        { key: 'staff.card' },
        ...(chat.isPrivate ? [{ key: 'staff.chats' }] : []),
      ],
    },
  ])

const say = (key: string, { business }: Facts, effects: readonly Effect[] = []): Answer =>
  reply([{ phrases: [{ key, params: { business: business.name } }] }], effects)
