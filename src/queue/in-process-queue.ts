import { type Clock, systemClock } from '../clock.js'
import { AppError, describeError } from '../errors.js'
import type { Log } from '../log.js'
import { retryDelayMs } from './backoff.js'
import { nextRun } from './cron.js'
import { Heap } from './heap.js'
import type { Queue, Worker, WorkOptions } from './queue.js'

/** The queue of a program that runs alone: timers and one heap. It keeps nothing when the process ends. */
export const createInProcessQueue = (needs: { readonly clock?: Clock; readonly log: Log }): Queue =>
  new InProcessQueue(needs.clock ?? systemClock, needs.log)

/** A timer sleeps no longer than this, so that a changed clock is noticed and 2^31 ms is never exceeded. */
const LONGEST_SLEEP_MS = 60_000

/** One id of a topic, known as long as something is asked of it or runs. */
interface Task {
  readonly id: string
  /** Unix ms: a wake for now, or the next try of a failed run. */
  dueAt: number | null
  /** Unix ms: the earliest wake for later. */
  alarmAt: number | null
  running: boolean
  failures: number
}

interface Topic {
  readonly name: string
  readonly tasks: Map<string, Task>
  /** Due and not running, in the order they became so. */
  readonly ready: Set<Task>
  worker: TopicWorker | null
}

interface TopicWorker {
  readonly concurrency: number
  readonly priority: number
  readonly run: (id: string) => Promise<void>
  readonly runs: Set<Promise<void>>
}

/** `ring` looks at the present state, so that an entry which was overtaken does nothing. */
interface Alarm {
  readonly at: number
  readonly ring: (now: number) => void
}

class InProcessQueue implements Queue {
  readonly #clock: Clock
  readonly #log: Log
  readonly #topics = new Map<string, Topic>()
  readonly #schedules = new Map<string, object>()
  readonly #alarms = new Heap<Alarm>()
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #startsScheduled = false
  #closed = false

  constructor(clock: Clock, log: Log) {
    this.#clock = clock
    this.#log = log
  }

  async wake(topicName: string, id: string, at?: number): Promise<void> {
    this.#refuseWhenClosed()
    const topic = this.#topic(topicName)
    const now = this.#clock()
    if (at !== undefined && at > now) this.#setAlarm(topic, taskOf(topic, id), at)
    else this.#makeDue(topic, taskOf(topic, id), now)
  }

  async repeat(topicName: string, id: string, cron: string, timeZone: string): Promise<void> {
    this.#refuseWhenClosed()
    const first = nextRun(cron, timeZone, this.#clock())
    const topic = this.#topic(topicName)
    const key = JSON.stringify([topicName, id])
    const schedule = {}
    const ring = (now: number) => {
      if (this.#schedules.get(key) !== schedule) return
      this.#makeDue(topic, taskOf(topic, id), now)
      this.#pushAlarm({ at: nextRun(cron, timeZone, now), ring })
    }
    this.#schedules.set(key, schedule)
    this.#pushAlarm({ at: first, ring })
  }

  async work(topicName: string, options: WorkOptions, run: (id: string) => Promise<void>): Promise<Worker> {
    this.#refuseWhenClosed()
    const topic = this.#topic(topicName)
    if (topic.worker) throw new AppError('conflict', `the topic ${topicName} is worked already`)
    const worker = {
      concurrency: options.concurrency,
      priority: options.priority ?? 0,
      run,
      runs: new Set<Promise<void>>(),
    }
    topic.worker = worker
    this.#scheduleStarts()
    return { close: () => this.#closeWorker(topic, worker) }
  }

  /** Never called: what lives in this process is never away. */
  onReconnect(): void {}

  async check(): Promise<void> {
    this.#refuseWhenClosed()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await Promise.all([...this.#topics.values()].map((topic) => topic.worker && this.#closeWorker(topic, topic.worker)))
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new AppError('unavailable', 'the queue is closed')
  }

  async #closeWorker(topic: Topic, worker: TopicWorker): Promise<void> {
    if (topic.worker === worker) topic.worker = null
    await Promise.all(worker.runs)
  }

  #topic(name: string): Topic {
    const known = this.#topics.get(name)
    if (known) return known
    const topic: Topic = { name, tasks: new Map(), ready: new Set(), worker: null }
    this.#topics.set(name, topic)
    return topic
  }

  #makeDue(topic: Topic, task: Task, at: number): void {
    task.dueAt = Math.min(at, task.dueAt ?? at)
    if (task.running) return
    topic.ready.add(task)
    this.#scheduleStarts()
  }

  #setAlarm(topic: Topic, task: Task, at: number): void {
    if (task.alarmAt !== null && task.alarmAt <= at) return
    task.alarmAt = at
    this.#pushAlarm({
      at,
      ring: (now) => {
        if (task.alarmAt === null || task.alarmAt > now) return
        task.alarmAt = null
        this.#makeDue(topic, task, now)
      },
    })
  }

  #setRetry(topic: Topic, task: Task, at: number): void {
    task.dueAt = at
    this.#pushAlarm({
      at,
      ring: (now) => {
        if (task.dueAt !== null && task.dueAt <= now) this.#makeDue(topic, task, task.dueAt)
      },
    })
  }

  #pushAlarm(alarm: Alarm): void {
    this.#alarms.push(alarm)
    this.#armTimer()
  }

  #armTimer(): void {
    const next = this.#alarms.peek()
    if (!next || this.#closed || this.#timerAt <= next.at) return
    const now = this.#clock()
    clearTimeout(this.#timer)
    this.#timerAt = Math.min(next.at, now + LONGEST_SLEEP_MS)
    this.#timer = setTimeout(() => this.#ringAlarms(), Math.max(this.#timerAt - now, 0)).unref()
  }

  #ringAlarms(): void {
    this.#timerAt = Number.POSITIVE_INFINITY
    const now = this.#clock()
    for (let next = this.#alarms.peek(); next && next.at <= now; next = this.#alarms.peek()) {
      this.#alarms.pop()
      next.ring(now)
    }
    this.#armTimer()
  }

  /** Wakes of one event-loop turn are started together, so that the higher priority is really first. */
  #scheduleStarts(): void {
    if (this.#startsScheduled) return
    this.#startsScheduled = true
    setImmediate(() => {
      this.#startsScheduled = false
      const byPriority = [...this.#topics.values()].sort(
        (a, b) => (b.worker?.priority ?? 0) - (a.worker?.priority ?? 0),
      )
      for (const topic of byPriority) if (topic.worker) this.#startRuns(topic, topic.worker)
    })
  }

  #startRuns(topic: Topic, worker: TopicWorker): void {
    for (const task of topic.ready) {
      if (worker.runs.size >= worker.concurrency) return
      topic.ready.delete(task)
      task.running = true
      task.dueAt = null
      const run = this.#run(topic, worker, task).finally(() => {
        worker.runs.delete(run)
        this.#scheduleStarts()
      })
      worker.runs.add(run)
    }
  }

  async #run(topic: Topic, worker: TopicWorker, task: Task): Promise<void> {
    try {
      await worker.run(task.id)
      task.failures = 0
    } catch (error) {
      task.failures += 1
      this.#log.warn(
        { topic: topic.name, id: task.id, failures: task.failures, error: describeError(error) },
        'queue.run_failed',
      )
      // A wake that came while it ran is due already, and does not wait for the backoff.
      if (task.dueAt === null) this.#setRetry(topic, task, this.#clock() + retryDelayMs(task.failures))
    }
    task.running = false
    if (task.dueAt !== null && task.dueAt <= this.#clock()) this.#makeDue(topic, task, task.dueAt)
    if (task.dueAt === null && task.alarmAt === null) topic.tasks.delete(task.id)
  }
}

const taskOf = (topic: Topic, id: string): Task => {
  const known = topic.tasks.get(id)
  if (known) return known
  const task: Task = { id, dueAt: null, alarmAt: null, running: false, failures: 0 }
  topic.tasks.set(id, task)
  return task
}
