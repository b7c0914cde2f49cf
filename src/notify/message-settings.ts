import { z } from 'zod'
import type { FieldError } from '../errors.js'
import { invalidInput, parseInput } from '../field-errors.js'
import { variablesOf } from './sentence.js'

/**
 * The events whose messages to customers a business may turn off and put in its own words, each with the variables that its
 * first line may name. An expired voucher is only edited where it is shown, and a campaign brings its own text.
 */
export const OFFERED_VARIABLES = {
  card_issued: ['business'],
  card_saved: ['business'],
  card_opened: ['business'],
  stamp_added: ['business', 'count', 'stamps', 'goal'],
  goal_reached: ['business', 'reward', 'stamps', 'goal'],
  reward_issued: ['business', 'title'],
  voucher_issued: ['business', 'title'],
  voucher_redeemed: ['business', 'title', 'date'],
  lottery_played: ['business', 'title'],
  birthday_reached: ['business', 'name'],
  inactivity_trigger: ['business'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type MessageEvent = keyof typeof OFFERED_VARIABLES

export const isMessageEvent = (name: string): name is MessageEvent => Object.hasOwn(OFFERED_VARIABLES, name)

/** `milestones`, of stamps: the first, the one before a goal, and a goal. */
export type MessageLevel = 'on' | 'milestones' | 'off'

/** What a business has decided about the messages of one event. */
export interface MessageSetting {
  readonly event: MessageEvent
  readonly level: MessageLevel
  /** The first line in the business's own words, by language; other languages say what they say by default. */
  readonly texts: Readonly<Record<string, string>>
}

/** Where a business has decided nothing. */
export const defaultLevel = (event: MessageEvent): MessageLevel =>
  event === 'card_saved' || event === 'card_opened' ? 'off' : 'on'

/** With the facts below it the message stays readable under a picture. */
const LONGEST_TEXT = 200

const levelsOf = (event: MessageEvent): readonly [MessageLevel, ...MessageLevel[]] =>
  event === 'stamp_added' ? ['on', 'milestones', 'off'] : ['on', 'off']

/**
 * A setting of `event` out of untrusted input `{level?, texts?}`; `languages` are those that the program speaks. Throws
 * AppError('invalid_input') that names each wrong field, and each variable that the event does not offer.
 */
export const parseMessageSetting = (
  event: MessageEvent,
  input: unknown,
  languages: ReadonlySet<string>,
): MessageSetting => {
  const shape = z.strictObject({
    level: z.enum(levelsOf(event)).default(defaultLevel(event)),
    texts: z.record(z.string(), z.string().trim()).default({}),
  })
  const { level, texts } = parseInput(shape, input)
  const wrong = Object.entries(texts).flatMap(([language, text]) =>
    problemsOf(event, text, languages.has(language)).map((message) => ({ field: `texts.${language}`, message })),
  )
  if (wrong.length > 0) throw invalidInput(wrong)
  return { event, level, texts }
}

const problemsOf = (event: MessageEvent, text: string, isSpoken: boolean): readonly FieldError['message'][] => {
  const offered: readonly string[] = OFFERED_VARIABLES[event]
  const unknown = variablesOf(text).filter((name) => !offered.includes(name))
  const named = offered.map((name) => `{{${name}}}`).join(', ')
  return [
    ...(isSpoken ? [] : ['is a language that is not spoken here']),
    ...(text === '' ? ['must not be empty'] : []),
    ...(text.length > LONGEST_TEXT ? [`must have at most ${LONGEST_TEXT} characters`] : []),
    ...(/\p{Cc}/u.test(text) ? ['must be one line'] : []),
    ...unknown.map((name) => `{{${name}}} is not known here: ${event} offers ${named}`),
    ...(/\{\{|\}\}/.test(text.replaceAll(/\{\{.*?\}\}/g, ''))
      ? ['has a variable that is not closed or not opened']
      : []),
  ]
}
