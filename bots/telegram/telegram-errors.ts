import { GrammyError, HttpError } from 'grammy'
import { AppError, assertNever, describeError } from '../../src/errors.js'
import type { SendResult } from '../messenger.js'
import { ForeignAnswer } from './telegram-api.js'
import { RequestFailed } from './telegram-transport.js'

export type Failure = Exclude<SendResult, { status: 'sent' }>

/** Sent, then throttled without a number: what Telegram asks for when it is mildest. */
const DEFAULT_PAUSE_SEC = 1

/**
 * What a failed call means for the message it carried. The texts are those of Telegram's own server
 * (tdlib/telegram-bot-api, Client.cpp).
 */
export const classify = (error: unknown): Failure => {
  const cause = error instanceof HttpError ? error.error : error
  if (cause instanceof GrammyError) return classifyRefusal(cause)
  if (cause instanceof RequestFailed) return classifyFailed(cause)
  if (cause instanceof ForeignAnswer) return classifyForeign(cause)
  return { status: 'unknown', reason: describeError(cause) }
}

const classifyFailed = ({ mayHaveArrived, isAway, code: reason }: RequestFailed): Failure => {
  if (mayHaveArrived) return { status: 'unknown', reason }
  return { status: 'not_sent', reason, ...(isAway && { isAway }) }
}

const classifyRefusal = ({ error_code: code, description, parameters }: GrammyError): Failure => {
  const reason = `${code} ${description}`
  if (parameters.migrate_to_chat_id !== undefined)
    return { status: 'unreachable', reason, movedTo: String(parameters.migrate_to_chat_id) }
  if (code === 429)
    return { status: 'not_sent', reason, pauseLaneMs: (parameters.retry_after ?? DEFAULT_PAUSE_SEC) * 1_000 }
  if (code >= 500) return { status: 'not_sent', reason }
  if (code === 403 || (code === 400 && NO_SUCH_CHAT.test(description))) return { status: 'unreachable', reason }
  // A method that Telegram does not know has longer words; the bare ones mean that no bot has this token.
  if (code === 401 || (code === 404 && description === 'Not Found')) return { status: 'lane_down', reason }
  return { status: 'rejected', reason }
}

const NO_SUCH_CHAT = /chat not found|user not found|PEER_ID_INVALID|(not enough|have no) rights to send/i

/** Who answered a 3xx or 4xx in other words than Telegram's refused the request; a 2xx or 5xx may come after the fact. */
const classifyForeign = ({ httpStatus, message: reason }: ForeignAnswer): Failure => ({
  status: httpStatus >= 300 && httpStatus < 500 ? 'not_sent' : 'unknown',
  reason,
})

const isRefusedWith = (error: unknown, words: RegExp) =>
  error instanceof GrammyError && error.error_code === 400 && words.test(error.description)

/** An edit that changes nothing: the message is as it was wished. */
export const isNotModified = (error: unknown): boolean => isRefusedWith(error, /message is not modified/)

/** The file id belongs to another bot, or Telegram has forgotten it: the picture must be uploaded again. */
export const isWrongFileId = (error: unknown): boolean =>
  isRefusedWith(error, /wrong (remote )?file.?id|FILE_REFERENCE|can't use file/i)

/** A failed call at start-up or from the console, as a sentence for whoever set the bot up. */
export const asAppError = (error: unknown): AppError => {
  const failure = classify(error)
  switch (failure.status) {
    case 'lane_down':
      return new AppError('misconfigured', 'Telegram knows no bot with this token: copy it again from @BotFather.')
    case 'rejected':
    case 'unreachable':
      return new AppError('misconfigured', `Telegram refused: ${failure.reason}`)
    case 'not_sent':
    case 'unknown': {
      const pauseMs = failure.status === 'not_sent' ? failure.pauseLaneMs : undefined
      return new AppError('unavailable', `Telegram does not answer now (${failure.reason}).`, {
        cause: error,
        ...(pauseMs !== undefined && { retryAfterSec: pauseMs / 1_000 }),
      })
    }
    default:
      return assertNever(failure)
  }
}
