import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { OutgoingMessage } from '../../bots/messenger.js'
import { openWebChat, type WebChat, type WebChatOptions } from './open-web-chat.js'

/** Gives each test a database of its own; each call opens one more process on it. All are closed after the test. */
export const useWebProcesses = (): ((options?: WebChatOptions) => Promise<WebChat>) => {
  let folder: string
  const opened: WebChat[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stampcast-'))
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((chat) => chat.close()))
    rmSync(folder, { recursive: true, force: true })
  })
  return async (options = {}) => {
    const chat = await openWebChat(join(folder, 'test.sqlite'), options)
    opened.push(chat)
    return chat
  }
}

const untilEnd = new AbortController().signal

/** The bot says something to a visitor. */
export const say = (chat: WebChat, address: string, text: string, fields: Partial<OutgoingMessage> = {}) =>
  chat.messenger.send(address, { id: randomUUID(), text, ...fields }, untilEnd)

/** The body of a visitor's message. */
export const typed = (text: string) => ({ id: randomUUID(), input: { kind: 'text', text } })

export const textsOf = (received: readonly { readonly row: object }[]): string[] =>
  received.flatMap(({ row }) => ('message' in row ? [(row.message as { text: string }).text] : []))
