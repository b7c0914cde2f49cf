import type { ContentButton, Phrase } from '../../../src/notify/content.js'
import { type Answer, reply } from '../answer.js'
import type { State, Wanted } from '../state.js'
import type { Till } from './staff-facts.js'

/** How long a shared device waits for the PIN that it asked for. */
const ASK_WITHIN_MS = 5 * 60_000

export const isLikeAPin = (text: string): boolean => /^\d{4,6}$/.test(text)

/** The PIN that a device is waiting for; one that was left lying is not waited for any more. */
export const openAsking = (state: State, now: number) =>
  state.kind === 'asking_pin' && now - state.askedAt <= ASK_WITHIN_MS ? state : null

/** Before anybody redeems or stamps on a shared device: who is it? */
export const askPin = (wants: Wanted, till: Till & { kind: 'shared' }, now: number): Answer => ({
  state: { kind: 'asking_pin', wants, askedAt: now },
  replies: [{ phrases: [{ key: wants.kind === 'voucher' ? 'pin.ask' : 'pin.askToStamp' }, ...howToHide(till)] }],
  effects: [],
})

/** One answer to all PINs that are not a cashier's of this place; the device goes on waiting for the right one. */
export const wrongPin = (key: 'pin.wrong' | 'pin.tooMany', till: Till & { kind: 'shared' }, state: State): Answer => ({
  state,
  replies: [{ phrases: [{ key }, ...howToHide(till)] }],
  effects: [{ kind: 'removeWritten' }],
})

export const LOCK: ContentButton = { kind: 'action', label: 'buttons.lock', action: 'lock' }

/** Locks the device: the next one who redeems is asked for a PIN. */
export const lock = (): Answer => reply([{ phrases: [{ key: 'pin.locked' }] }], [{ kind: 'openTill', cashierId: null }])

const howToHide = ({ removesPins }: Till & { kind: 'shared' }): readonly Phrase[] =>
  removesPins ? [] : [{ key: 'pin.delete' }]
