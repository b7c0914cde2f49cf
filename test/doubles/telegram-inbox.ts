import type { Update, WebhookInfo } from 'grammy/types'

/** An update without its number, which the inbox gives. */
export type NewUpdate = Omit<Update, 'update_id'>

export interface Refusal {
  readonly code: number
  readonly description: string
}

interface Webhook {
  readonly url: string
  readonly secret: string
}

interface Waiter {
  readonly offset: number | undefined
  readonly limit: number
  readonly end: (answer: Update[] | Refusal) => void
}

export type UpdateKind = Exclude<keyof Update, 'update_id'>

/** Kinds that Telegram leaves out unless they are asked for by name. */
const ONLY_WHEN_ASKED: readonly string[] = ['chat_member', 'message_reaction', 'message_reaction_count']

/** What waits for the bot: fetched by long polling, or pushed to its webhook, never both. */
export const createInbox = (options: { readonly retryMs: number }) => {
  let pending: Update[] = []
  let lastUpdateId = 1_000
  let allowed: readonly UpdateKind[] = []
  let waiter: Waiter | null = null
  let webhook: Webhook | null = null
  let lastError: string | null = null
  let isClosed = false
  /** Chats that are being pushed to: Telegram keeps the order within a chat. */
  const busyChats = new Set<number>()

  const isAllowed = (update: NewUpdate) =>
    Object.keys(update).every((kind) =>
      allowed.length > 0 ? allowed.some((each) => each === kind) : !ONLY_WHEN_ASKED.includes(kind),
    )

  const confirmUpTo = (offset: number) => {
    if (offset < 0) pending = pending.slice(offset)
    else pending = pending.filter(({ update_id }) => update_id >= offset)
  }

  const serveWaiter = () => {
    if (!waiter || pending.length === 0) return
    waiter.end(pending.slice(0, waiter.limit))
  }

  const endWaiter = (answer: Update[] | Refusal) => waiter?.end(answer)

  const push = async (update: Update, to: Webhook) => {
    while (!isClosed && webhook === to && pending.includes(update)) {
      const failure = await post(to, update)
      if (failure === null) pending = pending.filter((each) => each !== update)
      else await new Promise((resolve) => setTimeout(resolve, options.retryMs))
      lastError = failure ?? lastError
    }
  }

  const pushAll = () => {
    if (!webhook || isClosed) return
    const to = webhook
    for (const update of pending) {
      const chatId = chatOf(update)
      if (busyChats.has(chatId)) continue
      busyChats.add(chatId)
      void push(update, to).finally(() => {
        busyChats.delete(chatId)
        pushAll()
      })
    }
  }

  return {
    add(update: NewUpdate): Update | null {
      if (!isAllowed(update)) return null
      lastUpdateId += 1
      const added: Update = { ...update, update_id: lastUpdateId }
      pending.push(added)
      serveWaiter()
      pushAll()
      return added
    },

    /** `end` is called once, at once or when something comes. The returned function gives up waiting. */
    poll(
      wish: { offset?: number; limit?: number; timeout?: number; allowed_updates?: readonly UpdateKind[] },
      end: (answer: Update[] | Refusal) => void,
    ): () => void {
      const conflict =
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'
      endWaiter({ code: 409, description: conflict })
      if (webhook) {
        const description = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
        end({ code: 409, description })
        return () => {}
      }
      allowed = wish.allowed_updates ?? allowed
      if (wish.offset !== undefined) confirmUpTo(wish.offset)
      const timer = setTimeout(() => mine.end([]), (wish.timeout ?? 0) * 1_000)
      const mine: Waiter = {
        offset: wish.offset,
        limit: wish.limit ?? 100,
        end(answer) {
          clearTimeout(timer)
          if (waiter === mine) waiter = null
          end(answer)
        },
      }
      waiter = mine
      serveWaiter()
      return () => {
        clearTimeout(timer)
        if (waiter === mine) waiter = null
      }
    },

    setWebhook(url: string, secret: string, allowedUpdates: readonly UpdateKind[] | undefined) {
      endWaiter({ code: 409, description: 'Conflict: terminated by setWebhook request' })
      allowed = allowedUpdates ?? allowed
      webhook = url === '' ? null : { url, secret }
      lastError = null
      pushAll()
    },
    dropPending() {
      pending = []
    },
    webhookInfo: (): WebhookInfo => ({
      url: webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: pending.length,
      ...(allowed.length > 0 && { allowed_updates: [...allowed] }),
      ...(lastError !== null && { last_error_message: lastError, last_error_date: 0 }),
    }),

    pendingCount: () => pending.length,
    isPolled: () => waiter !== null,
    close() {
      isClosed = true
      endWaiter([])
    },
  }
}

export type Inbox = ReturnType<typeof createInbox>

const chatOf = (update: Update): number =>
  (update.message ?? update.callback_query?.message ?? update.my_chat_member)?.chat.id ?? 0

/** Null when the bot has taken the update, else why not. */
const post = async ({ url, secret }: Webhook, update: Update): Promise<string | null> => {
  const headers = {
    'content-type': 'application/json',
    ...(secret !== '' && { 'X-Telegram-Bot-Api-Secret-Token': secret }),
  }
  try {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(update) })
    await answer.body?.cancel()
    return answer.ok ? null : `Wrong response from the webhook: ${answer.status} ${answer.statusText}`
  } catch {
    return 'Connection refused'
  }
}
