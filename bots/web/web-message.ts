import { z } from 'zod'
import { assertNever } from '../../src/errors.js'
import { isLikeAPin } from '../conversation/staff/pin.js'
import type { OutgoingMessage } from '../messenger.js'
import type { PageInput, ShownMessage, StreamRow } from './web-protocol.js'
import type { WebMessageKind } from './web-tables.js'

const Button = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('action'), label: z.string(), action: z.string() }),
  z.object({ kind: z.literal('copy'), label: z.string(), text: z.string() }),
  z.object({ kind: z.literal('url'), label: z.string(), url: z.string() }),
])

const Size = z.object({ widthPx: z.int().min(1), heightPx: z.int().min(1) })

/**
 * A bot's message as it is kept. A picture is kept by its id and gets its address when it is shown, because addresses of
 * pictures expire and a chat is read again weeks later.
 */
const StoredMessage = z.object({
  text: z.string(),
  picture: z.object({ id: z.string(), altText: z.string(), size: Size.optional() }).optional(),
  buttons: z.array(z.array(Button)).optional(),
  menu: z.array(z.array(z.string())).optional(),
})
export type StoredMessage = z.infer<typeof StoredMessage>
export type PictureSize = z.infer<typeof Size>

/** What of a message the page shows. It has no button that shares a phone number: no browser vouches for one. */
export const storedMessage = (message: OutgoingMessage, pictureSize: PictureSize | null): StoredMessage => {
  const { text, picture, buttons, menu } = message
  return {
    text,
    ...(picture && {
      picture: { id: picture.id, altText: picture.altText, ...(pictureSize && { size: pictureSize }) },
    }),
    ...(buttons && { buttons: buttons.map((row) => [...row]) }),
    ...(menu && { menu: menu.map((row) => [...row]) }),
  }
}

const MAX_TEXT_BYTES = 4096

/** Halves of surrogate pairs and NUL may come from a page too; neither database keeps them as they are. */
const PageText = z.string().transform((text) => text.replace(/\0|\p{Surrogate}/gu, '\uFFFD'))

const TypedText = PageText.refine((text) => text.trim() !== '', 'must not be empty').refine(
  (text) => Buffer.byteLength(text) <= MAX_TEXT_BYTES,
  `must have at most ${MAX_TEXT_BYTES} bytes`,
)

/** What the page may say a visitor did. */
export const PageInputSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    payload: z
      .string()
      .regex(/^[\w-]{1,64}$/, 'must have 1 to 64 letters, digits, - or _')
      .nullable(),
  }),
  z.object({ kind: z.literal('text'), text: TypedText }),
  z.object({
    kind: z.literal('action'),
    action: PageText.pipe(z.string().min(1).max(256)),
    label: PageText.pipe(z.string().max(200)),
  }),
]) satisfies z.ZodType<PageInput, unknown>

/** What stands where something was hidden. */
export const HIDDEN = '••••'

/**
 * What the chat's past keeps of what a visitor did: nothing that lets somebody in. What may be a PIN is hidden before anybody
 * knows whether it is one, since what is written and cleared later stays readable in the database's log for a while.
 */
export const keptInput = (input: PageInput): PageInput => {
  switch (input.kind) {
    case 'start':
      return { kind: 'start', payload: null }
    case 'text':
      return { kind: 'text', text: keptText(input.text) }
    case 'action':
      return input
    default:
      return assertNever(input)
  }
}

const keptText = (text: string): string => {
  const [start] = /^\s*\/start\b/i.exec(text) ?? []
  if (start !== undefined) return start.trim()
  return isLikeAPin(text.trim()) ? HIDDEN : text
}

/** A row of a visitor's chat, as it is kept. */
export interface WebMessageRow {
  readonly seq: number
  readonly kind: WebMessageKind
  readonly messageId: string
  readonly editsMessageId: string | null
  readonly body: unknown
  readonly createdAt: number
}

/** A row as the stream sends it; null for one that this version cannot read. `mediaUrl` gives a picture's address of today. */
export const streamRow = (row: WebMessageRow, mediaUrl: (pictureId: string) => string): StreamRow | null => {
  const { kind, messageId: id, createdAt: at } = row
  if (kind === 'own') {
    const input = PageInputSchema.safeParse(row.body)
    return input.success ? { kind, id, at, input: input.data } : null
  }
  const stored = StoredMessage.safeParse(row.body)
  if (!stored.success) return null
  const message = shownMessage(stored.data, mediaUrl)
  if (kind === 'message') return { kind, id, at, message }
  return row.editsMessageId === null ? null : { kind, id, at, edits: row.editsMessageId, message }
}

const shownMessage = ({ picture, ...words }: StoredMessage, mediaUrl: (pictureId: string) => string): ShownMessage => {
  if (!picture) return words
  const { id, altText, size } = picture
  return { ...words, picture: { url: mediaUrl(id), altText, ...size } }
}
