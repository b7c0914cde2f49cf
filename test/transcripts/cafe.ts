import type { Happening, Person } from './scenario.js'

/** The people and things of the café in which the scenarios play. */
export const OLENA: Person = {
  customer: {
    id: 'c_olena',
    name: { en: 'Olena Koval', uk: 'Олена Коваль', ko: '김민지' },
    phone: '+380501112233',
  },
}

export const STRANGER: Person = {}

export const CONTACT = { BUSINESS_CONTACT: '+380 44 123 45 67' }
export const CARD_LINK = { SEVENSTAMP_CARD_LINK: 'https://my.example/card' }

const COFFEE = { en: 'Free coffee', uk: 'Безкоштовна кава', ko: '무료 커피' }
const CARD = { id: '113772', title: { en: 'Coffee card', uk: 'Кавова картка', ko: '커피 카드' } }

export const cardIssued: Happening = {
  event: 'card_issued',
  more: { card: { ...CARD, stamps: 0, stamps_goal: 8, goals: [3, 8] } },
}

export const stampAdded = (stamps: number, count = 1): Happening => ({
  event: 'stamp_added',
  more: { card: { ...CARD, stamps, stamps_goal: 8 }, stamp: { count, receipt_id: `r_${stamps}` } },
})

export const goalReached = (stamps: number): Happening => ({
  event: 'goal_reached',
  more: { card: { ...CARD, stamps, stamps_goal: 8, goal_index: stamps === 3 ? 0 : 1 }, reward: { title: COFFEE } },
})

export const rewardIssued: Happening = {
  event: 'reward_issued',
  more: { card: { id: CARD.id }, reward: { type: 'award', title: { en: 'A cookie', uk: 'Печиво', ko: '쿠키' } } },
}

/** `expires`: a date of the year in which the scenarios play. */
export const voucherIssued = (id = 'v_1', expires = '2026-06-11'): Happening => ({
  event: 'voucher_issued',
  more: {
    card: { id: CARD.id },
    voucher: {
      ...{
        id,
        type: 'voucher',
        title: COFFEE,
        redeem_code: 'FREECOFFEE',
        redeem_code_formats: ['text', 'qr', 'barcode'],
      },
      ...{ status: 'issued', expires_at: `${expires}T20:59:59Z` },
    },
  },
})

export const voucherRedeemed = (id = 'v_1'): Happening => ({
  event: 'voucher_redeemed',
  more: { card: { id: CARD.id }, voucher: { id, status: 'redeemed', redeemed_via: 'staff_scanner' } },
})

export const voucherExpired = (id = 'v_1'): Happening => ({
  event: 'voucher_expired',
  more: { card: { id: CARD.id }, voucher: { id, status: 'expired' } },
})

export const lotteryPlayed = (result: string, variant?: object): Happening => ({
  event: 'lottery_played',
  more: { card: { id: CARD.id }, lottery: { id: 'l_7', result, ...(variant && { variant }) } },
})

export const birthdayReached: Happening = { event: 'birthday_reached', more: { card: { id: CARD.id } } }
