/** What the page and the server say to each other. Types only, without Node's, because the page is compiled against these. */

/** A message as the page shows it: plain text, never markup. */
export interface ShownMessage {
  readonly text: string
  readonly picture?: ShownPicture | undefined
  /** Rows of buttons under the message. */
  readonly buttons?: readonly (readonly ShownButton[])[] | undefined
  /** The standing menu, row by row; pressing an entry says it. */
  readonly menu?: readonly (readonly string[])[] | undefined
}

export interface ShownPicture {
  /** Absolute, or relative to the page's origin. */
  readonly url: string
  readonly altText: string
  /** So that its place is kept free while it loads. */
  readonly widthPx?: number | undefined
  readonly heightPx?: number | undefined
}

export type ShownButton =
  | { readonly kind: 'action'; readonly label: string; readonly action: string }
  | { readonly kind: 'copy'; readonly label: string; readonly text: string }
  | { readonly kind: 'url'; readonly label: string; readonly url: string }

/** What a visitor does. `label` is what the pressed button said, so that the chat can show it. */
export type PageInput =
  | { readonly kind: 'start'; readonly payload: string | null }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly action: string; readonly label: string }

/** Body of `POST /try/messages`. `id` is the page's own: the same id twice is one message. */
export interface PostedMessage {
  readonly id: string
  readonly input: PageInput
  /** BCP 47 tag of the visitor's browser. */
  readonly language?: string | undefined
}

/** One row of `GET /try/stream`: its `id:` is the number to resume after. `at` is Unix ms. */
export type StreamRow =
  | { readonly kind: 'message'; readonly id: string; readonly at: number; readonly message: ShownMessage }
  | {
      readonly kind: 'edit'
      readonly id: string
      readonly at: number
      /** The id of the message that is replaced. */
      readonly edits: string
      readonly message: ShownMessage
    }
  | { readonly kind: 'own'; readonly id: string; readonly at: number; readonly input: PageInput }

/**
 * What a stream says besides rows, as `event:` without an id:
 * - `ready`: all rows that were there when it was opened have been sent;
 * - `reset`: the number to resume after is not one of this chat; what is shown is to be dropped, the chat follows anew;
 * - `replaced`: the visitor has opened too many streams; this, the oldest, ends and should not be reopened by itself;
 * - `bye`: the server goes down; open another one.
 */
export type StreamNotice = 'ready' | 'reset' | 'replaced' | 'bye'
