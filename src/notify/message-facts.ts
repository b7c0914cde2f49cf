import type { Phrase } from './content.js'

/** Who and where. `locationName` is null while nobody named the location: then it is left out, never printed as an id. */
export interface MessageFacts {
  readonly business: { readonly name: string; readonly timeZone: string }
  readonly customerName: string | null
  readonly locationName: string | null
  /** When the event happened, Unix ms. */
  readonly at: number
}

/** A phrase that names the business. */
export const about = (key: string, { business }: MessageFacts, params: Phrase['params'] = {}): Phrase => ({
  key,
  params: { business: business.name, ...params },
})
