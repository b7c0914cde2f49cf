import { describeError } from '../errors.js'
import type { ClaimedContent, LaneDriver, Prepared } from './lane-driver.js'
import type { LaneRate } from './lane-rate.js'
import type { LaneSender } from './lane-sender.js'
import { notBegun } from './outcome.js'

export interface AnswerLineOptions {
  readonly driver: LaneDriver
  readonly rate: LaneRate
  readonly sender: LaneSender
  readonly clock: () => number
  /** Answers under way at once. */
  readonly slots: number
}

export const NO_CHAT = 'there is no chat to send it to'

/**
 * Answers to what people just wrote. They are committed as `sending` and leave at once; those of one chat in their order.
 * Whoever writes while all slots are taken is answered a moment later: what is `sending` stays few, so that a crash leaves
 * little unknown.
 */
export class AnswerLine {
  readonly #options: AnswerLineOptions
  readonly #turns = new Map<string, Promise<void>>()
  readonly #inHand = new Set<string>()
  #free: number
  #waiting: (() => void)[] = []
  #closed = false

  constructor(options: AnswerLineOptions) {
    this.#options = options
    this.#free = options.slots
  }

  /**
   * Takes a slot, lets `commit` write answers as `sending`, and sends them. Resolves after the commit; rejects as it does.
   * Once the line is closed nothing is committed any more.
   */
  async answer(commit: () => Promise<readonly ClaimedContent[]>): Promise<void> {
    await this.#takeSlot()
    let answers: readonly ClaimedContent[] = []
    try {
      if (!this.#closed) answers = await commit()
    } finally {
      // One slot for each answer instead of the one for all.
      this.#free += 1 - answers.length
      this.#letIn()
    }
    this.#sendAll(answers)
  }

  /** Answers that have not left yet go back to pending, for the next owner of the lane. */
  close(): void {
    this.#closed = true
    for (const enter of this.#waiting.splice(0)) {
      this.#free--
      enter()
    }
  }

  holds(id: string): boolean {
    return this.#inHand.has(id)
  }

  async idle(): Promise<void> {
    while (this.#turns.size > 0) await Promise.all(this.#turns.values())
  }

  async #takeSlot(): Promise<void> {
    if (this.#free <= 0 && !this.#closed) await new Promise<void>((enter) => this.#waiting.push(enter))
    else this.#free--
  }

  /** Hands free slots to those who wait. */
  #letIn(): void {
    while (this.#free > 0) {
      const enter = this.#waiting.shift()
      if (!enter) return
      this.#free--
      enter()
    }
  }

  #sendAll(answers: readonly ClaimedContent[]): void {
    if (answers.length === 0) return
    const preparing = this.#options.driver.prepare(answers)
    // Each answer looks at it when its turn comes; until then nobody does.
    preparing.catch(() => undefined)
    for (const answer of answers) {
      const { id, chatId } = answer
      this.#inHand.add(id)
      const turn = (this.#turns.get(chatId) ?? Promise.resolve())
        .then(() => this.#sendOne(answer, preparing))
        .finally(() => {
          this.#inHand.delete(id)
          if (this.#turns.get(chatId) === turn) this.#turns.delete(chatId)
          this.#free++
          this.#letIn()
        })
      this.#turns.set(chatId, turn)
    }
  }

  async #sendOne(answer: ClaimedContent, preparing: Promise<ReadonlyMap<string, Prepared>>): Promise<void> {
    const { sender, rate, clock } = this.#options
    let prepared: Prepared | undefined
    try {
      prepared = (await preparing).get(answer.id)
      await prepared?.warmUp?.()
    } catch (error) {
      return sender.settle(answer, { status: 'not_sent', reason: describeError(error) })
    }
    if (!prepared) return sender.settle(answer, { status: 'rejected', reason: NO_CHAT })
    await rate.answerToken()
    if (this.#closed) return this.#putBack(answer, 'the process stops', clock())
    if (rate.pausedMs > 0) return this.#putBack(answer, 'the lane is paused', clock() + Math.ceil(rate.pausedMs))
    return sender.send({ delivery: answer, prepared, edits: null, tryNumber: answer.attempts })
  }

  #putBack(answer: ClaimedContent, reason: string, dueAt: number): Promise<void> {
    return this.#options.sender.settle(answer, { status: 'not_sent', reason }, notBegun(reason, dueAt))
  }
}
