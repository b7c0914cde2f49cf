import type { Bound, Database } from '../db/database.js'
import { HOOK_LANE_PREFIX } from './endpoint-url.js'
import type { SubscriptionStore } from './subscription-store.js'

export interface IdleLanesNeeds {
  readonly db: Database
  readonly store: SubscriptionStore
  readonly allLanes: (values: object) => Bound<readonly { readonly id: string }[]>
  readonly lockedLane: (values: { id: string }) => Bound<readonly unknown[]>
  /** Does nothing while something waits on the lane, or is on its way. */
  readonly removeLane: (values: { id: string }) => Bound<unknown>
}

/** Ends the lanes of hosts that nobody has subscribed any more: each costs its owner a look at the database each second. */
export const createEndIdleLanes =
  ({ db, store, allLanes, lockedLane, removeLane }: IdleLanesNeeds) =>
  async (): Promise<void> => {
    const lanes = await db.read(allLanes({}))
    for (const { id } of lanes.filter((lane) => lane.id.startsWith(HOOK_LANE_PREFIX)))
      await db.atomically(
        // Whoever subscribes locks the lane too: here they are seen, or there it is found gone and added.
        { lane: lockedLane({ id }), subscription: store.onLane({ lane: id }) },
        ({ subscription }) => ({ writes: subscription.length > 0 ? [] : [removeLane({ id })], result: undefined }),
      )
  }
