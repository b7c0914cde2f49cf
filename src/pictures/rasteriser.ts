import { Worker } from 'node:worker_threads'

export interface Rasteriser {
  /**
   * Draws a picture off the event loop. `compose` gives its SVG and is called when a thread is free, so that waiting
   * pictures weigh nothing. Rejects when the SVG cannot be drawn, the thread dies, or it takes longer than the limit.
   */
  draw(compose: () => string): Promise<Buffer>
  /** Rejects what waits or runs, and ends the threads. */
  close(): Promise<void>
}

export interface RasteriserOptions {
  /** The thread's program: answers each SVG text with `{ png }` or `{ error }`, as render-worker.mjs does. */
  readonly worker: URL
  /** At most so many pictures are drawn at once. */
  readonly threads: number
  /** A thread unused for so long is ended; the next picture starts it again. */
  readonly idleMs: number
  /** A picture that takes longer is given up, and its thread is ended. */
  readonly limitMs: number
}

interface Job {
  readonly compose: () => string
  readonly resolve: (png: Buffer) => void
  readonly reject: (error: Error) => void
}

/** One thread. It is busy while `job` is set, and out of the pool as soon as it fails. */
interface Thread {
  readonly worker: Worker
  job: Job | null
  timer: NodeJS.Timeout | undefined
}

type Answer = { readonly png: Uint8Array<ArrayBuffer> } | { readonly error: string }

/** Threads are started as pictures need them and keep no process alive that has nothing else to do. */
export const createRasteriser = (options: RasteriserOptions): Rasteriser => {
  const threads = new Set<Thread>()
  const waiting: Job[] = []
  let closed = false

  const end = async (thread: Thread, error: Error): Promise<void> => {
    threads.delete(thread)
    clearTimeout(thread.timer)
    thread.job?.reject(error)
    await thread.worker.terminate()
  }

  const fail = (thread: Thread, error: Error): void => {
    if (!threads.has(thread)) return
    void end(thread, error)
    startNext()
  }

  const rest = (thread: Thread): void => {
    clearTimeout(thread.timer)
    thread.job = null
    thread.worker.unref()
    thread.timer = setTimeout(() => void end(thread, new Error('idle')), options.idleMs).unref()
  }

  const finish = (thread: Thread, answer: Answer): void => {
    if (!threads.has(thread)) return
    const { job } = thread
    rest(thread)
    if ('error' in answer) job?.reject(new Error(`the picture could not be drawn: ${answer.error}`))
    else job?.resolve(Buffer.from(answer.png.buffer))
    startNext()
  }

  const startThread = (): Thread => {
    const thread: Thread = { worker: new Worker(options.worker), job: null, timer: undefined }
    thread.worker.on('message', (answer: Answer) => finish(thread, answer))
    thread.worker.on('error', (cause) => fail(thread, new Error('the drawing thread failed', { cause })))
    thread.worker.on('exit', (code) => fail(thread, new Error(`the drawing thread ended with code ${code}`)))
    threads.add(thread)
    return thread
  }

  const start = (thread: Thread, job: Job): void => {
    clearTimeout(thread.timer)
    thread.job = job
    thread.worker.ref()
    thread.timer = setTimeout(
      () => fail(thread, new Error(`the picture took longer than ${options.limitMs} ms`)),
      options.limitMs,
    )
    try {
      thread.worker.postMessage(job.compose())
    } catch (error) {
      rest(thread)
      job.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  const startNext = (): void => {
    while (waiting.length > 0) {
      const idle = [...threads].find((thread) => thread.job === null)
      const thread = idle ?? (threads.size < options.threads ? startThread() : undefined)
      const job = thread && waiting.shift()
      if (!thread || !job) return
      start(thread, job)
    }
  }

  return {
    draw: (compose) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('pictures are closed'))
        waiting.push({ compose, resolve, reject })
        startNext()
      }),
    async close() {
      closed = true
      const error = new Error('pictures are closed')
      for (const job of waiting.splice(0)) job.reject(error)
      await Promise.all([...threads].map((thread) => end(thread, error)))
    },
  }
}
