import type { CustomerFacts } from '../../bots/conversation/customer-facts.js'
import type { BusinessFacts, ChatFacts, Facts } from '../../bots/conversation/facts.js'
import type { CardFacts, VoucherFacts } from '../../src/loyalty/transition.js'

export const TIME_ZONE = 'Europe/Kyiv'

/** Monday, 11 May 2026, 15:34 in Kyiv. */
export const NOW = Date.UTC(2026, 4, 11, 12, 34)

export const CAFE: BusinessFacts = {
  name: 'Demo Coffee',
  timeZone: TIME_ZONE,
  contact: '+380 44 123 45 67',
  privacyUrl: 'https://demo.example/privacy',
  cardLink: 'https://my.example/card',
  newsPerMonth: 4,
}

export const card = (changes: Partial<CardFacts> = {}): CardFacts => ({
  id: 'card_5f2c',
  number: '113772',
  title: 'Coffee card',
  stamps: 5,
  stampsGoal: 8,
  goals: [3, 8],
  nextReward: 'Free coffee',
  ...changes,
})

export const voucher = (changes: Partial<VoucherFacts> = {}): VoucherFacts => ({
  id: 'v_9a1e',
  master: 'own',
  number: 'V-4821',
  title: 'Free coffee',
  description: null,
  redeemCode: 'FREECOFFEE',
  formats: ['text', 'qr', 'barcode'],
  expiresAt: Date.UTC(2026, 5, 11, 20, 59, 59),
  state: 'active',
  ...changes,
})

export const olena = (changes: Partial<CustomerFacts> = {}): CustomerFacts => ({
  id: 'c_olena',
  name: 'Olena Kovalenko',
  cards: [card()],
  vouchers: [voucher()],
  history: [
    { at: Date.UTC(2026, 4, 11, 10), event: 'voucher_issued', count: null, title: 'Free coffee' },
    { at: Date.UTC(2026, 4, 11, 9), event: 'stamp_added', count: 2, title: null },
    { at: Date.UTC(2026, 4, 10, 8), event: 'card_issued', count: null, title: null },
  ],
  hears: 'everything',
  newsConsent: 'never_asked',
  ...changes,
})

const PRIVATE_CHAT: ChatFacts = {
  id: 'chat_this',
  language: 'en',
  isPrivate: true,
  canSharePhone: true,
  stopped: false,
  reachable: true,
}

export const factsOf = (changes: Partial<Omit<Facts, 'chat'>> & { chat?: Partial<ChatFacts> } = {}): Facts => ({
  business: CAFE,
  who: { role: 'guest' },
  found: {
    linkToken: null,
    phone: null,
    newerChat: null,
    otherChats: null,
    freshTillCode: null,
    till: null,
    counter: null,
    offeredCard: null,
    newCard: null,
    freshShowing: null,
    staffChats: null,
    team: null,
    question: null,
  },
  speaker: null,
  guessesLeft: 5,
  ...changes,
  chat: { ...PRIVATE_CHAT, ...changes.chat },
})
