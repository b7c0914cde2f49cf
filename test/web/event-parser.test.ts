import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEventParser, type ServerEvent } from '../../bots/web/page/event-parser.js'

const parse = (pieces: readonly string[]): ServerEvent[] => {
  const events: ServerEvent[] = []
  const push = createEventParser((event) => events.push(event))
  for (const piece of pieces) push(piece)
  return events
}

const STREAM = ':\n\nid: 7\ndata: {"a":"ї: b"}\n\nevent: ready\ndata: {}\n\n: beat\n\ndata: one\ndata:two\r\n\r\nid: 8'

const EVENTS = [
  { id: '7', event: '', data: '{"a":"ї: b"}' },
  { id: '', event: 'ready', data: '{}' },
  { id: '', event: '', data: 'one\ntwo' },
]

test('events are read, comments are not, and half an event waits for its end', () => {
  expect(parse([STREAM])).toEqual(EVENTS)
  expect(parse([STREAM, '\ndata: x\n', '\n'])).toEqual([...EVENTS, { id: '8', event: '', data: 'x' }])
})

test('it does not matter where a stream is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), STREAM.length]
      expect(parse(places.slice(1).map((end, index) => STREAM.slice(places[index], end)))).toEqual(EVENTS)
    }),
  )
})
