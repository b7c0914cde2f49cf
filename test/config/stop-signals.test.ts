import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { onStopSignal } from '../../src/stop-signals.js'

class FakeProcess extends EventEmitter {
  readonly exits: number[] = []
  exit(code: number) {
    this.exits.push(code)
  }
}

const listen = () => {
  const source = new FakeProcess()
  const log = { stops: 0, now: 5_000 }
  onStopSignal(
    source,
    () => log.now,
    () => {
      log.stops += 1
    },
  )
  return { source, log }
}

test('the first signal stops the program in order', () => {
  const { source, log } = listen()
  source.emit('SIGTERM')
  expect(log.stops).toBe(1)
  expect(source.exits).toEqual([])
})

test('one Ctrl-C that arrives twice, from the terminal and through npm, stops it once', () => {
  const { source, log } = listen()
  source.emit('SIGINT')
  log.now += 300
  source.emit('SIGINT')
  expect(log.stops).toBe(1)
  expect(source.exits).toEqual([])
})

test('who asks again ends it at once', () => {
  const { source, log } = listen()
  source.emit('SIGTERM')
  log.now += 1_500
  source.emit('SIGINT')
  expect(log.stops).toBe(1)
  expect(source.exits).toEqual([130])
})
