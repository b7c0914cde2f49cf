import type { ResponseParameters } from 'grammy/types'

/** What the server does instead of what it was asked. */
export type Fault =
  /** Refuses in Telegram's JSON. */
  | {
      readonly kind: 'refuse'
      readonly code: number
      readonly description: string
      readonly parameters?: ResponseParameters
    }
  /** Answers with a page, as a proxy in front of Telegram does. */
  | { readonly kind: 'page'; readonly status: number }
  /** Does what it was asked and answers late; a function gives each request a delay of its own. */
  | { readonly kind: 'slow'; readonly delayMs: number | (() => number) }
  /** Does what it was asked (it counts as delivered) and destroys the connection instead of answering. */
  | { readonly kind: 'accept_then_drop' }
  /** Destroys the connection before it has read the request. */
  | { readonly kind: 'drop_before_read' }

/** Which requests a fault meets; all of them when nothing is said. */
export interface FaultScope {
  /** Not for `drop_before_read`: who has not read a request cannot know its chat. */
  readonly chat?: number | string
  readonly method?: string
  /** After so many requests the fault is over. */
  readonly times?: number
}

export const BLOCKED: Fault = { kind: 'refuse', code: 403, description: 'Forbidden: bot was blocked by the user' }
export const CHAT_NOT_FOUND: Fault = { kind: 'refuse', code: 400, description: 'Bad Request: chat not found' }
export const UNAUTHORIZED: Fault = { kind: 'refuse', code: 401, description: 'Unauthorized' }
export const SERVER_ERROR: Fault = { kind: 'refuse', code: 500, description: 'Internal Server Error' }
export const BAD_GATEWAY: Fault = { kind: 'page', status: 502 }
export const ACCEPT_THEN_DROP: Fault = { kind: 'accept_then_drop' }
export const DROP_BEFORE_READ: Fault = { kind: 'drop_before_read' }

export const tooManyRequests = (retryAfterSec: number): Fault => ({
  kind: 'refuse',
  code: 429,
  description: `Too Many Requests: retry after ${retryAfterSec}`,
  parameters: { retry_after: retryAfterSec },
})

export interface Faults {
  add(fault: Fault, scope: FaultScope): void
  clear(): void
  /** The first fault that meets a request; its turn is used up. */
  take(request: { readonly method: string; readonly chat: unknown; readonly isRead: boolean }): Fault | null
}

export const createFaults = (): Faults => {
  let plans: { fault: Fault; scope: FaultScope; timesLeft: number }[] = []
  return {
    add(fault, scope) {
      plans.push({ fault, scope, timesLeft: scope.times ?? Number.POSITIVE_INFINITY })
    },
    clear() {
      plans = []
    },
    take({ method, chat, isRead }) {
      const plan = plans.find(
        ({ fault, scope }) =>
          isRead === (fault.kind !== 'drop_before_read') &&
          (scope.method === undefined || scope.method === method) &&
          (scope.chat === undefined || String(scope.chat) === String(chat)),
      )
      if (!plan) return null
      plan.timesLeft -= 1
      plans = plans.filter(({ timesLeft }) => timesLeft > 0)
      return plan.fault
    },
  }
}
