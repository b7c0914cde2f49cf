import { describe, expect, test } from 'vitest'
import { DEMO_EVENTS, type DemoState } from '../../src/demo/demo-data.js'
import { noteOn } from '../../src/demo/demo-note.js'

const KNOWN: DemoState = { stamps: 2, openVouchers: ['v_1'], hearing: 'all' }
/** The events of which this customer hears nothing in the chat. */
const silent = (state: DemoState) => DEMO_EVENTS.map(({ id }) => id).filter((event) => noteOn(event, state) !== null)
const OFFERS = ['birthday_reached', 'inactivity_trigger', 'campaign_sent']
const QUIET = ['voucher_expired', 'card_issued', 'card_saved', 'card_opened']

describe('the note beside an event of the demo', () => {
  test('is there where the chat will say nothing, and nowhere else', () => {
    expect(silent(KNOWN)).toEqual(QUIET)
    expect(silent({ ...KNOWN, hearing: 'no_offers' })).toEqual([...QUIET, ...OFFERS])
    expect(silent({ ...KNOWN, openVouchers: [] })).toEqual(['voucher_redeemed', ...QUIET])
  })

  test.each([
    ['no_chat', 'link this one first'],
    ['stopped', 'STOP'],
  ] as const)('is there for every event with %s', (hearing, words) => {
    for (const { id } of DEMO_EVENTS) expect(noteOn(id, { ...KNOWN, hearing })).toContain(words)
  })
})
