import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import SqliteFile from 'better-sqlite3'
import { expect, onTestFinished, vi } from 'vitest'
import { openTelegramDouble, type TelegramDouble, type TelegramDoubleOptions } from '../doubles/telegram-bot-api.js'
import type { ShownMessage } from '../doubles/telegram-chats.js'
import { type Environment, type Installation, openInstallation, type WebProgram } from '../support/program.js'
import { cardIssued } from './frames.js'

/** For `vi.waitFor`: everything asked comes within a moment, and a busy machine may take its time. */
export const SOON = { timeout: 15_000, interval: 20 }

export interface CafeOptions {
  readonly env?: Environment
  readonly telegram?: TelegramDoubleOptions
  readonly redisUrl?: string
  readonly databaseUrl?: string
  readonly programDir?: string
}

/** A café's own installation, and a Telegram of this test's own. */
export interface Cafe {
  readonly telegram: TelegramDouble
  readonly installation: Installation
}

export interface RunningCafe extends Cafe {
  readonly program: WebProgram
}

/** Nothing runs yet. Everything ends with the test, which has then asked nothing of Telegram that Telegram would refuse. */
export const openCafe = async ({ env, telegram: telegramOptions, ...servers }: CafeOptions = {}): Promise<Cafe> => {
  const telegram = await openTelegramDouble(telegramOptions)
  const installation = openInstallation({
    env: {
      BUSINESS_NAME: 'Demo Coffee',
      DEMO: '0',
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      ...env,
    },
    ...servers,
  })
  onTestFinished(async () => {
    await installation.close()
    await telegram.close()
    expect(telegram.violations).toEqual([])
  })
  return { telegram, installation }
}

/** The same, running. */
export const openRunningCafe = async (options: CafeOptions = {}): Promise<RunningCafe> => {
  const cafe = await openCafe(options)
  return { ...cafe, program: await cafe.installation.start() }
}

/** 7stamp's webhook: what was answered. */
export const post = async (
  { webhookUrl }: WebProgram,
  frame: object | Buffer | string,
): Promise<{ readonly status: number; readonly body: unknown }> => {
  const isText = typeof frame === 'string' || Buffer.isBuffer(frame)
  const answer = await fetch(webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: isText ? new Uint8Array(Buffer.from(frame)) : JSON.stringify(frame),
  })
  return { status: answer.status, body: await answer.json() }
}

/** Posts frames in order, each of which must be accepted. */
export const tell = async (program: WebProgram, ...frames: readonly object[]): Promise<void> => {
  for (const frame of frames) expect(await post(program, frame)).toMatchObject({ status: 202 })
}

/** Customers with chats of their own: known to the café by their first event, linked by their own phone numbers. */
export const linkGuests = async (cafe: RunningCafe, count: number) => {
  const { telegram, program } = cafe
  const guests = Array.from({ length: count }, (_, index) => ({
    guest: { id: `c_${index}`, name: `Guest ${index}`, language: 'en', phone: `+3805011${String(10_000 + index)}` },
    user: telegram.user(1_000 + index, { language_code: 'en' }),
  }))
  await Promise.all(guests.map(({ guest }) => tell(program, cardIssued(guest))))
  await waitUntilSettled(cafe)
  for (const { guest, user } of guests) {
    user.sharesContact(guest.phone, 'own')
    // The card, and the question about news.
    await waitForMessages(user.sees, 2)
  }
  return guests
}

/** The token of a one-time link to a customer of whom an event has told. */
export const linkTo = async ({ installation }: Cafe, customerExternalId: string): Promise<string> => {
  const [row] = await vi.waitFor(() => installation.cli('link', 'customer', customerExternalId), SOON)
  return String(row?.token)
}

/** What a chat says from its `from`-th message on, once there are `count` of them. */
export const waitForMessages = (
  sees: () => readonly ShownMessage[],
  count: number,
  from = 0,
): Promise<readonly ShownMessage[]> =>
  vi.waitFor(() => {
    const seen = sees().slice(from)
    expect(seen.length, seen.map(({ text }) => text).join('\n---\n')).toBeGreaterThanOrEqual(count)
    return seen
  }, SOON)

/** Long enough for what must not come to have come. */
export const quietMoment = () => delay(1_500)

/** The program's SQLite file as it stands, for what only the ledger tells. */
export const rowsOf = <Row = Readonly<Record<string, unknown>>>(
  { installation }: Cafe,
  sql: string,
): readonly Row[] => {
  const file = new SqliteFile(join(installation.dataDir, 'stampcast.sqlite'), { readonly: true })
  try {
    return file.prepare(sql).all() as Row[]
  } finally {
    file.close()
  }
}

/** How many deliveries there are of each state and reason, like `skipped(stopped)`. */
export const ledgerOf = (cafe: Cafe): Readonly<Record<string, number>> => {
  const rows = rowsOf<{ state: string; reason: string | null; count: number }>(
    cafe,
    'select state, reason, count(*) as count from deliveries group by state, reason order by state, reason',
  )
  return Object.fromEntries(
    rows.map(({ state, reason, count }) => [reason === null ? state : `${state}(${reason})`, count]),
  )
}

/** No event waits to be applied, and no delivery to leave. */
export const waitUntilSettled = (cafe: Cafe): Promise<void> =>
  vi.waitFor(() => {
    expect(rowsOf(cafe, "select id from events where state = 'pending'")).toEqual([])
    expect(rowsOf(cafe, "select id from deliveries where state in ('pending', 'sending')")).toEqual([])
  }, SOON)
