import {
  CARD_LINK,
  CONTACT,
  cardIssued,
  goalReached,
  OLENA,
  STRANGER,
  stampAdded,
  voucherExpired,
  voucherIssued,
  voucherRedeemed,
} from './cafe.js'
import {
  type Happening,
  happens,
  type OwnCard,
  offersCards,
  opens,
  opensLate,
  passes,
  presses,
  pressesNamed,
  type Scenario,
  says,
  starts,
} from './scenario.js'

const HER_CARD = { card: 'Olena' } as const

const TEA_CARD: Happening = {
  event: 'card_issued',
  more: {
    card: {
      id: '224883',
      title: { en: 'Tea card', uk: 'Чайна картка', ko: '티 카드' },
      stamps: 0,
      stamps_goal: 5,
      goals: [5],
    },
  },
}

const OWN_CARD: OwnCard = {
  title: { en: 'Coffee card', uk: 'Кавова картка', ko: '커피 카드' },
  goals: [
    { stamps: 3, reward: { en: 'A cookie', uk: 'Печиво', ko: '쿠키' } },
    { stamps: 8, reward: { en: 'Free coffee', uk: 'Безкоштовна кава', ko: '무료 커피' } },
  ],
}

/** What customers do with their own card, rewards and messages. */
export const CUSTOMERS: readonly Scenario[] = [
  {
    name: '01-a-guest-looks-around',
    about: 'A guest without a card opens the chat and looks around.',
    languages: ['en', 'uk', 'ko'],
    people: { Guest: STRANGER },
    env: { ...CONTACT, ...CARD_LINK },
    steps: [starts('Guest'), presses('Guest', 'menu.card'), presses('Guest', 'menu.help'), says('Guest', '/privacy')],
  },
  {
    name: '02-a-card-by-link',
    about: 'A customer opens the personal link, wants no news, and looks at the card.',
    languages: ['en', 'uk', 'ko'],
    people: { Olena: OLENA },
    steps: [
      happens('Olena', cardIssued, stampAdded(1)),
      opens('Olena', HER_CARD),
      presses('Olena', 'buttons.consentNo'),
      passes(60),
      presses('Olena', 'menu.card'),
    ],
  },
  {
    name: '03-the-wrong-links',
    about: 'A used link, one that nobody gave and one that is too old all lead nowhere, and say the same.',
    languages: ['en'],
    people: { Olena: OLENA, Friend: STRANGER },
    steps: [
      happens('Olena', cardIssued),
      opens('Olena', HER_CARD),
      opens('Friend', 'again'),
      opens('Friend', 'forged'),
      opensLate('Friend', HER_CARD, 16),
    ],
  },
  {
    name: '04-a-visit-with-everything',
    about: 'A customer gets a stamp without sound, reaches a goal, gets a voucher and redeems it.',
    languages: ['en', 'uk', 'ko'],
    people: { Olena: OLENA },
    steps: [
      happens('Olena', cardIssued, stampAdded(1)),
      opens('Olena', HER_CARD),
      passes(2 * 1440),
      happens('Olena', stampAdded(2)),
      passes(1440),
      happens('Olena', stampAdded(3), goalReached(3), voucherIssued()),
      passes(60),
      happens('Olena', voucherRedeemed()),
      presses('Olena', 'buttons.notYou'),
    ],
  },
  {
    name: '05-my-vouchers',
    about: 'Vouchers are shown in their states, and a voucher that has expired loses its codes.',
    languages: ['en', 'uk'],
    people: { Olena: OLENA },
    steps: [
      happens('Olena', cardIssued),
      opens('Olena', HER_CARD),
      presses('Olena', 'menu.vouchers'),
      happens('Olena', voucherIssued('v_1', '2026-05-12')),
      happens('Olena', voucherIssued('v_2')),
      presses('Olena', 'menu.vouchers'),
      passes(3 * 1440),
      happens('Olena', voucherExpired('v_1')),
      presses('Olena', 'menu.vouchers'),
    ],
  },
  {
    name: '06-history-and-language',
    about: 'A customer reads what happened, and changes the language.',
    languages: ['en'],
    people: { Olena: OLENA },
    steps: [
      happens('Olena', cardIssued, stampAdded(2, 2)),
      passes(1440),
      happens('Olena', goalReached(3), voucherIssued()),
      opens('Olena', HER_CARD),
      presses('Olena', 'menu.history'),
      presses('Olena', 'menu.language'),
      pressesNamed('Olena', 'Українська'),
      presses('Olena', 'menu.history'),
      presses('Olena', 'menu.language'),
      says('Olena', 'english'),
    ],
  },
  {
    name: '36-a-lost-phone',
    about:
      'A phone is lost. Its finder disconnects the new one by “Not me”; a new link and “Only here” end that for good.',
    languages: ['en', 'uk', 'ko'],
    people: { Lost: STRANGER, New: STRANGER, Olena: OLENA },
    steps: [
      happens('Olena', cardIssued),
      opens('Lost', HER_CARD),
      passes(60),
      opens('New', HER_CARD),
      presses('Lost', 'buttons.notMe'),
      passes(5),
      opens('New', HER_CARD),
      presses('New', 'buttons.onlyHere'),
      presses('Lost', 'buttons.notMe'),
      says('Lost', '/card'),
      happens('Olena', goalReached(3)),
      presses('New', 'menu.card'),
    ],
  },
  {
    name: '37-two-cards',
    about: 'A customer with two cards sees first the one that was used last.',
    languages: ['en', 'ko'],
    people: { Olena: OLENA },
    steps: [
      happens('Olena', cardIssued, stampAdded(2)),
      happens('Olena', TEA_CARD),
      opens('Olena', HER_CARD),
      passes(1440),
      happens('Olena', stampAdded(3)),
      presses('Olena', 'menu.card'),
    ],
  },
  {
    name: '41-a-card-in-two-taps',
    about:
      'At the counter a guest gets a card of the café’s own in two taps; a friend asks for one in words, after “not now”.',
    languages: ['en', 'uk', 'ko'],
    people: { Guest: STRANGER, Friend: STRANGER },
    steps: [
      offersCards(OWN_CARD),
      opens('Guest', 'counter'),
      presses('Guest', 'buttons.getCard'),
      presses('Guest', 'buttons.getCardYes'),
      presses('Guest', 'buttons.consentNo'),
      says('Friend', '/getcard'),
      presses('Friend', 'buttons.getCardNo'),
      says('Friend', '/getcard'),
      presses('Friend', 'buttons.getCardYes'),
      presses('Guest', 'menu.card'),
    ],
  },
]
