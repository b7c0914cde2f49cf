/**
 * What a loop does while nothing is due. A nudge ends the rest, or spares the next one, so that nothing which comes while
 * the loop is at work is slept over.
 */
export class Rest {
  #nudged = false
  #end: () => void = () => undefined

  nudge(): void {
    this.#nudged = true
    this.#end()
  }

  /** Forgets the nudges so far: the loop is about to look at everything. */
  begin(): void {
    this.#nudged = false
  }

  /** Resolves after `ms`, or as soon as there has been a nudge since `begin`. */
  async take(ms: number): Promise<void> {
    if (this.#nudged) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.ceil(ms))
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#end = () => undefined
  }
}
