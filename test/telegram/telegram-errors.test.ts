import { GrammyError, HttpError } from 'grammy'
import type { ResponseParameters } from 'grammy/types'
import { describe, expect, test } from 'vitest'
import { classify, isNotModified, isWrongFileId } from '../../bots/telegram/telegram-errors.js'
import { RequestFailed } from '../../bots/telegram/telegram-transport.js'

const refused = (error_code: number, description: string, parameters: ResponseParameters = {}) =>
  new GrammyError('Call failed!', { ok: false, error_code, description, parameters }, 'sendMessage', {})

describe('what Telegram’s refusals mean for a message', () => {
  test.each([
    [403, 'Forbidden: bot was blocked by the user', 'unreachable'],
    [403, 'Forbidden: user is deactivated', 'unreachable'],
    [403, 'Forbidden: bot was kicked from the group chat', 'unreachable'],
    [403, "Forbidden: bot can't initiate conversation with a user", 'unreachable'],
    [400, 'Bad Request: chat not found', 'unreachable'],
    [400, 'Bad Request: not enough rights to send text messages to the chat', 'unreachable'],
    [400, 'Bad Request: message is too long', 'rejected'],
    [400, 'Bad Request: BUTTON_DATA_INVALID', 'rejected'],
    [400, 'Bad Request: message to edit not found', 'rejected'],
    [413, 'Request Entity Too Large', 'rejected'],
    [404, 'Not Found: method not found', 'rejected'],
    [404, 'Not Found', 'lane_down'],
    [401, 'Unauthorized', 'lane_down'],
    [500, 'Internal Server Error: restart', 'not_sent'],
    [502, 'Bad Gateway', 'not_sent'],
  ])('%i %s: %s', (code, description, status) => {
    expect(classify(refused(code, description))).toEqual({ status, reason: `${code} ${description}` })
  })

  test('too many requests close the whole lane for as long as Telegram says', () => {
    const error = refused(429, 'Too Many Requests: retry after 35', { retry_after: 35 })
    expect(classify(error)).toMatchObject({ status: 'not_sent', pauseLaneMs: 35_000 })
  })

  test('too many requests without a time close it for a second', () => {
    expect(classify(refused(429, 'Too Many Requests'))).toMatchObject({ status: 'not_sent', pauseLaneMs: 1_000 })
  })

  test('a group that became a supergroup has moved', () => {
    const description = 'Bad Request: group chat was upgraded to a supergroup chat'
    const error = refused(400, description, { migrate_to_chat_id: -1001234567890 })
    expect(classify(error)).toMatchObject({ status: 'unreachable', movedTo: '-1001234567890' })
  })
})

test('a request without an answer is told by whether it may have arrived, also through grammY’s wrapping', () => {
  for (const wrap of [(error: Error) => error, (error: Error) => new HttpError('failed', error)]) {
    expect(classify(wrap(new RequestFailed('ECONNRESET', true)))).toEqual({ status: 'unknown', reason: 'ECONNRESET' })
    expect(classify(wrap(new RequestFailed('ENOTFOUND', false)))).toEqual({ status: 'not_sent', reason: 'ENOTFOUND' })
  }
})

test('a request for which there was not even a connection says that nothing else would get through', () => {
  const failure = new RequestFailed('ENOTFOUND', false, { isAway: true })
  expect(classify(failure)).toEqual({ status: 'not_sent', reason: 'ENOTFOUND', isAway: true })
})

test('what nobody foresaw is unknown, never a silent loss', () => {
  expect(classify(new TypeError('a bug'))).toEqual({ status: 'unknown', reason: 'a bug' })
  expect(classify('thrown')).toEqual({ status: 'unknown', reason: 'thrown' })
})

test('an edit that changes nothing is told apart', () => {
  const description = 'Bad Request: message is not modified: specified new message content and reply markup are …'
  expect(isNotModified(refused(400, description))).toBe(true)
  expect(isNotModified(refused(400, 'Bad Request: message to edit not found'))).toBe(false)
  expect(isNotModified(new Error('message is not modified'))).toBe(false)
})

test.each([
  'Bad Request: wrong file identifier/HTTP URL specified',
  'Bad Request: wrong file_id or the file is temporarily unavailable',
  'Bad Request: wrong remote file identifier specified: Wrong string length',
  'Bad Request: FILE_REFERENCE_EXPIRED',
])('a picture is uploaded again after: %s', (description) => {
  expect(isWrongFileId(refused(400, description))).toBe(true)
})
