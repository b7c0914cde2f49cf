import { HEARS } from '../../src/notify/hears.js'
import { countIn } from './card-count.js'
import { readChoice, readMoment, readYesOrNo } from './confirm.js'
import type { ConsentAnswer, Intent } from './intent.js'
import { isTillCode } from './till-code.js'

/** Reads what a button carries: a name and its arguments, `vouchers:2`. What no version ever sent is unknown. */
export const readAction = (action: string): Intent => {
  const [name, first, second, third] = action.split(':')
  switch (name) {
    case 'card':
      return { kind: 'card', cardId: first ?? null }
    case 'vouchers':
      return { kind: 'vouchers', page: readPage(first) }
    case 'voucher':
      return first ? { kind: 'voucher', voucherId: first } : { kind: 'vouchers', page: 1 }
    case 'language':
      return { kind: 'language', tag: first ?? null }
    case 'till_card':
      return first && second && isTillCode(second)
        ? { kind: 'till_card', card: { id: first }, code: second }
        : { kind: 'unknown' }
    case 'staff':
      return { kind: 'staff_chats', wish: first ? { chatId: first, choice: readChoice(second, third) } : null }
    case 'show':
      return first ? { kind: 'show', voucherId: first } : { kind: 'vouchers', page: 1 }
    case 'redeem':
      return first ? { kind: 'redeem', voucherId: first, choice: readChoice(second, third) } : { kind: 'unknown' }
    case 'stamp':
      return readStamp(first, second, third)
    case 'unstamp':
      return first ? { kind: 'undo_stamps', stampId: first } : { kind: 'unknown' }
    case 'get_card':
      return { kind: 'get_card', confirmed: readYesOrNo(first) }
    // The command, which messengers may bring as an action.
    case 'getcard':
      return { kind: 'get_card', confirmed: null }
    case 'notifications':
      return { kind: 'notifications', hears: HEARS.find((hears) => hears === first) ?? null }
    case 'consent':
      return { kind: 'consent', answer: readConsent(first, second, third) }
    case 'unlink':
      return { kind: 'unlink', confirmed: readYesOrNo(first) }
    case 'deletedata':
      return { kind: 'delete_data', confirmed: readYesOrNo(first) }
    case 'not_me':
      return { kind: 'not_me', chatId: first ?? null }
    case 'team':
      return { kind: first === 'cancel' ? 'keep_to_oneself' : 'message_team' }
    case 'reply':
      return first ? { kind: 'open_reply', questionId: first } : { kind: 'unknown' }
    case 'no_reply':
      return { kind: 'drop_reply' }
    case 'start':
    case 'lock':
    case 'menu':
    case 'not_you':
    case 'only_here':
    case 'history':
    case 'stop':
    case 'connect':
    case 'till':
    case 'help':
    case 'privacy':
      return { kind: name }
    default:
      return { kind: 'unknown' }
  }
}

const readStamp = (cardId = '', added = '', shownAt = ''): Intent => {
  const count = countIn(added)
  if (cardId === '' || count === null) return { kind: 'unknown' }
  return { kind: 'stamp', cardId, count, shownAt: readMoment(shownAt) }
}

/** Pages count from 1. */
const readPage = (page: string | undefined): number => (page && /^\d{1,4}$/.test(page) ? Math.max(1, Number(page)) : 1)

const readConsent = (word?: string, textVersion = '', language = ''): ConsentAnswer | null => {
  if (word !== 'yes' && word !== 'no') return null
  if (!/^\d{1,3}$/.test(textVersion) || !/^[a-z]{2,3}$/.test(language)) return null
  return { granted: word === 'yes', textVersion, language }
}
