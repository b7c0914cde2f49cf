import { z } from 'zod'
import { AppError, assertNever, describeError } from '../../src/errors.js'
import { parseInput } from '../../src/field-errors.js'
import type { Signals } from '../../src/queue/signals.js'
import type { Incoming, Input, LaneLimits, Messenger, OutgoingMessage, SendResult } from '../messenger.js'
import { pngSize } from './png-size.js'
import { PageInputSchema, storedMessage } from './web-message.js'
import type { PageInput } from './web-protocol.js'
import type { Appended, NewWebMessage, WebStore } from './web-store.js'

/** Nobody limits us here but our own database. */
const LIMITS: LaneLimits = { allPerSec: 1_000, allBurst: 1_000, bulkPerSec: 1_000, perChatMs: 0, slots: 64 }
const RETRY_AFTER_MS = 1_000

/**
 * The web chat behind the messenger's port: sending is one committed row of the visitor's chat, which every web process
 * then shows. A row is written once for each message id, so nothing here ever has to end as `unknown`. An edit has an id of
 * its own, by which its receipt is told. A picture is named by its id only: whoever composes it keeps its content.
 */
export const createWebMessenger = ({ store, signals }: { store: WebStore; signals: Signals }): Messenger => {
  const append = async (
    address: string,
    message: OutgoingMessage,
    signal: AbortSignal,
    target: Pick<NewWebMessage, 'kind' | 'editsMessageId'>,
  ): Promise<SendResult> => {
    if (signal.aborted) return { status: 'not_sent', reason: 'aborted' }
    try {
      // The page keeps the picture's place free while it loads, so its size goes along.
      const size = message.picture ? pngSize(await message.picture.png()) : null
      const body = storedMessage(message, size)
      const appended = await store.append(address, { ...target, messageId: message.id, body })
      if (appended === 'added' || appended === 'known') signals.publish('web_chat', address)
      return resultOf(appended, message.id)
    } catch (error) {
      // A commit whose answer was lost may have happened; the next try then finds the row and is done.
      return { status: 'not_sent', reason: describeError(error), retryAfterMs: retryAfterMs(error) }
    }
  }
  return {
    name: 'web',
    limits: LIMITS,
    idempotent: true,
    send: (address, message, signal) => append(address, message, signal, { kind: 'message' }),
    edit: (address, messageId, message, signal) =>
      append(address, message, signal, { kind: 'edit', editsMessageId: messageId }),
    readUpdate,
    remove: async (address, messageId) => {
      if (await store.hide(address, messageId)) signals.publish('web_chat', address)
    },
  }
}

const resultOf = (appended: Appended, messageId: string): SendResult => {
  switch (appended) {
    case 'added':
    case 'known':
      return { status: 'sent', messageId }
    case 'no_visitor':
      return { status: 'unreachable', reason: 'no visitor has this address' }
    case 'nothing_to_edit':
      return { status: 'rejected', reason: 'the message to edit is not in this chat' }
    default:
      return assertNever(appended)
  }
}

const retryAfterMs = (error: unknown): number =>
  error instanceof AppError && error.retryAfterSec !== undefined ? error.retryAfterSec * 1_000 : RETRY_AFTER_MS

const Update = z.object({
  address: z.string().min(1).max(64),
  input: PageInputSchema,
  language: z.string().max(35).nullable(),
  /** The page's own id of what it says; null in updates that were stored before it was kept. */
  messageId: z.string().nullable().default(null),
})
/** What is stored of a visitor's message until the lane answers it. */
export type WebUpdate = z.infer<typeof Update>

const readUpdate = (body: unknown): Incoming => {
  const { address, input, language, messageId } = parseInput(Update, body)
  return {
    address,
    isPrivate: true,
    languageHint: language,
    input: inputOf(input),
    ...(messageId !== null && { messageId }),
  }
}

/** Typed commands are what they are elsewhere: `/start`, `/card`. */
const inputOf = (input: PageInput): Input => {
  switch (input.kind) {
    case 'start':
      return { kind: 'start', payload: input.payload }
    case 'action':
      return { kind: 'action', action: input.action }
    case 'text':
      return commandOf(input.text) ?? { kind: 'text', text: input.text }
    default:
      return assertNever(input)
  }
}

const commandOf = (text: string): Input | null => {
  const command = /^\/([a-z]{1,32})$/i.exec(text.trim())?.[1]?.toLowerCase()
  if (command === undefined) return null
  return command === 'start' ? { kind: 'start', payload: null } : { kind: 'action', action: command }
}
