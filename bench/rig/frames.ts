import { externalIdOf } from './cafe.js'

/** 7stamp's webhooks as a busy café gets them: each is another event, about 1 KB long. */
export type FrameKind = 'picture' | 'words'

/** Distinct per `nonce`, about the customer number `customer`. A picture is what a stamp shows; a reward is told in words. */
export const frameOf = (kind: FrameKind, customer: number, nonce: string): string =>
  JSON.stringify({
    event: kind === 'picture' ? 'stamp_added' : 'reward_issued',
    timestamp: new Date().toISOString(),
    business_id: 'bench_business',
    location_id: 'loc_45',
    customer: {
      id: externalIdOf(customer),
      wallet_pass_id: `wp_${customer}`,
      language: 'en',
      name: 'Olena Kovalenko',
      email: `olena.${customer}@example.com`,
      birthday: '1991-03-08',
    },
    card: {
      id: `card_${customer}`,
      template_id: 'tpl_1',
      title: 'Coffee card of the corner coffee shop',
      stamps: 3,
      stamps_goal: 10,
      goal_index: 1,
      goals: [3, 6, 10],
      platform: 'google',
    },
    ...(kind === 'picture'
      ? { stamp: { count: 1, source: 'staff_scanner', receipt_id: `r_${nonce}` } }
      : { reward: { id: `rw_${nonce}`, type: 'award', title: 'A flat white', description: 'Any size, any milk' } }),
    // What 7stamp may send and nobody has documented: kept, not read.
    device: { id: `till_${nonce}`, model: 'Scanner 4', firmware: '4.2.17', note: 'x'.repeat(380) },
  })
