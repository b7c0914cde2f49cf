import type { MessageContent, Phrase } from './content.js'
import type { MessageEvent, MessageSetting } from './message-settings.js'

/** Who and where. `locationName` is null while nobody named the location: then it is left out, never printed as an id. */
export interface MessageFacts {
  readonly business: { readonly name: string; readonly timeZone: string }
  readonly customerName: string | null
  readonly locationName: string | null
  /** When the event happened, Unix ms. */
  readonly at: number
  /** What the business has decided about its messages. */
  readonly settings: readonly MessageSetting[]
}

/** A phrase that names the business. */
export const about = (key: string, { business }: MessageFacts, params: Phrase['params'] = {}): Phrase => ({
  key,
  params: { business: business.name, ...params },
})

/** The content with its first line in the business's own words, in the languages that have them. */
export const inOwnWords = (
  event: MessageEvent,
  content: MessageContent,
  { settings }: MessageFacts,
): MessageContent => {
  const texts = settings.find((setting) => setting.event === event)?.texts
  const [first, ...rest] = content.phrases
  if (!texts || !first || 'text' in first || Object.keys(texts).length === 0) return content
  return { ...content, phrases: [{ ...first, texts }, ...rest] }
}
