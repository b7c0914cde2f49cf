/**
 * Hints to all processes: "something about `id` changed". Lossy on purpose: whoever listens also polls the database at
 * least once a second while it matters.
 */
export interface Signals {
  /** Never rejects and never waits for a network that is away. */
  publish(topic: SignalTopic, id: string): void
  /** Returns the function that ends the subscription. */
  subscribe(topic: SignalTopic, listener: (id: string) => void): () => void
  close(): Promise<void>
}

/**
 * `lane`: due rows or updates of a lane. `web_chat`: new messages of a chat. `business`: settings or connections changed.
 * `access`: a business's staff or API keys changed.
 */
export type SignalTopic = 'lane' | 'web_chat' | 'business' | 'access'
