import { type Answer, reply } from './answer.js'
import type { Facts } from './facts.js'

/** STOP ends everything unasked and is confirmed once; a second STOP gets the silence it asks for. */
export const stop = ({ business, chat }: Facts): Answer =>
  chat.stopped
    ? reply([])
    : reply([{ phrases: [{ key: 'stop.done', params: { business: business.name } }], menu: true }], [{ kind: 'stop' }])
