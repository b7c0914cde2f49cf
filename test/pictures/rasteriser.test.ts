import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createRasteriser, type Rasteriser, type RasteriserOptions } from '../../src/pictures/rasteriser.js'

const opened: Rasteriser[] = []
afterEach(() => Promise.all(opened.splice(0).map((rasteriser) => rasteriser.close())))

const open = (options: Partial<RasteriserOptions> = {}): Rasteriser => {
  const worker = new URL('./stubborn-worker.mjs', import.meta.url)
  const rasteriser = createRasteriser({ worker, threads: 1, idleMs: 30_000, limitMs: 10_000, ...options })
  opened.push(rasteriser)
  return rasteriser
}

/** Draws, and says which thread did it. */
const threadOf = async (rasteriser: Rasteriser, order = 'draw'): Promise<number | undefined> =>
  (await rasteriser.draw(() => order))[0]

describe('a failing thread', () => {
  test.each([
    ['refuses the picture', 'refuse', 'the picture could not be drawn: not an SVG'],
    ['dies', 'exit', 'the drawing thread ended with code 3'],
    ['throws', 'throw', 'the drawing thread failed'],
  ])('that %s costs that picture, with a reason, and the next one is drawn', async (_, order, reason) => {
    const rasteriser = open()
    await expect(rasteriser.draw(() => order)).rejects.toThrow(reason)
    expect(await threadOf(rasteriser)).toBeGreaterThan(0)
  })

  test('that hangs is given up after the limit, and what waited behind it is drawn', async () => {
    const rasteriser = open({ limitMs: 2000 })
    const hanging = rasteriser.draw(() => 'hang')
    const behind = threadOf(rasteriser)
    await expect(hanging).rejects.toThrow('longer than 2000 ms')
    expect(await behind).toBeGreaterThan(0)
  })

  test('twice in a row is survived twice', async () => {
    const rasteriser = open()
    const orders = ['exit', 'exit', 'draw']
    const results = await Promise.allSettled(orders.map((order) => rasteriser.draw(() => order)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })
})

test('a picture that cannot be composed costs nobody else theirs', async () => {
  const rasteriser = open()
  const broken = rasteriser.draw(() => {
    throw new Error('no such font')
  })
  const good = threadOf(rasteriser)
  await expect(broken).rejects.toThrow('no such font')
  expect(await good).toBeGreaterThan(0)
})

test('one thread is used again and again, and more than one only when there is work for it', async () => {
  const rasteriser = open({ threads: 2 })
  const first = await threadOf(rasteriser)
  expect(await threadOf(rasteriser)).toBe(first)
  const both = await Promise.all([
    threadOf(rasteriser, 'slow'),
    threadOf(rasteriser, 'slow'),
    threadOf(rasteriser, 'slow'),
  ])
  expect(new Set(both).size).toBe(2)
})

test('a picture is composed only when a thread is free for it', async () => {
  const rasteriser = open()
  let composed = false
  const first = rasteriser.draw(() => 'slow')
  const second = rasteriser.draw(() => {
    composed = true
    return 'draw'
  })
  await delay(10)
  expect(composed).toBe(false)
  await Promise.all([first, second])
  expect(composed).toBe(true)
})

test('a thread without work is ended, and the next picture starts a new one', async () => {
  const rasteriser = open({ idleMs: 30 })
  const first = await threadOf(rasteriser)
  await delay(300)
  expect(await threadOf(rasteriser)).not.toBe(first)
})

test('closing rejects what runs and what waits, and what comes later', async () => {
  const rasteriser = open()
  const [running, waiting] = [rasteriser.draw(() => 'hang'), rasteriser.draw(() => 'draw')]
  const outcome = Promise.allSettled([running, waiting])
  await rasteriser.close()
  await rasteriser.close()
  expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(rasteriser.draw(() => 'draw')).rejects.toThrow('closed')
})
