/** A binary heap: what has the smallest `at` is on top. Push and pop cost O(log n). */
export class Heap<T extends { readonly at: number }> {
  readonly #entries: T[] = []

  peek(): T | undefined {
    return this.#entries[0]
  }

  push(entry: T): void {
    let index = this.#entries.push(entry) - 1
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.#entries[parentIndex]
      if (!parent || parent.at <= entry.at) break
      this.#entries[index] = parent
      index = parentIndex
    }
    this.#entries[index] = entry
  }

  pop(): T | undefined {
    const top = this.#entries[0]
    const last = this.#entries.pop()
    if (last && this.#entries.length > 0) this.#sink(last)
    return top
  }

  /** Puts `entry` where the top was, and lets it sink to its place. */
  #sink(entry: T): void {
    let index = 0
    for (;;) {
      const child = this.#smallerChild(index)
      if (!child || child.entry.at >= entry.at) break
      this.#entries[index] = child.entry
      index = child.index
    }
    this.#entries[index] = entry
  }

  #smallerChild(index: number): { index: number; entry: T } | undefined {
    const left = this.#entries[2 * index + 1]
    const right = this.#entries[2 * index + 2]
    if (!left) return undefined
    return right && right.at < left.at ? { index: 2 * index + 2, entry: right } : { index: 2 * index + 1, entry: left }
  }
}
