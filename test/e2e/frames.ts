/** What 7stamp says of one customer of a café, as it happens: the frames of a visit. */
export interface Guest {
  /** 7stamp's id. */
  readonly id: string
  readonly name: string
  readonly language: string
  readonly phone?: string
}

export const OLENA: Guest = { id: 'c_olena', name: 'Олена Коваль', language: 'uk', phone: '+380501112233' }

const envelope = (event: string, { id, language }: Guest, at: Date) => ({
  event,
  timestamp: at.toISOString(),
  business_id: 'b_cafe',
  location_id: 'loc_podil',
  customer: { id, language },
})

const card = (guest: Guest) => ({ id: `card_${guest.id}` })

export const cardIssued = (guest: Guest, at = new Date()) => ({
  ...envelope('card_issued', guest, at),
  customer: guest,
  card: { ...card(guest), title: 'Coffee card', stamps: 0, stamps_goal: 8, goal_index: 0, goals: [3, 8] },
})

export const stampAdded = (guest: Guest, stamps: number, at = new Date()) => ({
  ...envelope('stamp_added', guest, at),
  card: { ...card(guest), stamps, stamps_goal: 8, goal_index: 0 },
  stamp: { count: 1, source: 'staff_scanner', receipt_id: `r_${guest.id}_${stamps}` },
})

export const goalReached = (guest: Guest, at = new Date()) => ({
  ...envelope('goal_reached', guest, at),
  card: { ...card(guest), stamps: 3, stamps_goal: 8, goal_index: 0 },
  reward: { type: 'voucher', title: 'Free coffee' },
})

export const voucherIssued = (guest: Guest, voucherId: string, at = new Date()) => ({
  ...envelope('voucher_issued', guest, at),
  card: { ...card(guest), goal_index: 0 },
  voucher: {
    id: voucherId,
    type: 'voucher',
    title: 'Free coffee',
    redeem_code: 'FREECOFFEE',
    redeem_code_formats: ['text', 'qr', 'barcode'],
    status: 'issued',
    expires_at: new Date(at.getTime() + 30 * 86_400_000).toISOString(),
  },
})

export const voucherRedeemed = (guest: Guest, voucherId: string, at = new Date()) => ({
  ...envelope('voucher_redeemed', guest, at),
  card: card(guest),
  voucher: { id: voucherId, type: 'voucher', status: 'redeemed', redeemed_via: 'staff_scanner' },
})
