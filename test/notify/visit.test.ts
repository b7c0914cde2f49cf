import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { CardFacts, VoucherFacts } from '../../src/loyalty/transition.js'
import { type HeldNews, leaderOf, type OpenVisit, planMerge } from '../../src/notify/merge.js'
import type { MessageFacts } from '../../src/notify/message-facts.js'
import { contentOfVisit, linesBesideLeader } from '../../src/notify/visit.js'
import { contentOfNews, RICHEST_FIRST, type VisitNews } from '../../src/notify/visit-news.js'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LANGUAGES, LOCALES, unfilledVariables } from './locale-texts.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

const FACTS: MessageFacts = {
  business: { name: 'Demo Coffee', timeZone: 'Europe/Kyiv' },
  customerName: 'Olena Kovalenko',
  locationName: 'Podil',
  at: Date.UTC(2026, 4, 11, 12, 34),
  settings: [],
}
const CARD: CardFacts = {
  id: 'card_1',
  number: '113772',
  title: 'Coffee card',
  stamps: 8,
  stampsGoal: 8,
  goals: [3, 8],
  nextReward: null,
}
const VOUCHER: VoucherFacts = {
  id: 'v_1',
  master: '7stamp',
  number: 'V-4821',
  title: 'Free coffee',
  description: null,
  redeemCode: 'FREECOFFEE',
  formats: ['text', 'qr'],
  expiresAt: Date.UTC(2026, 5, 11, 20, 59, 59),
  state: 'active',
}

const stamp = (stamps: number | null, added: number | null = 1): VisitNews => ({
  event: 'stamp_added',
  card: { ...CARD, stamps },
  added,
})
const goal = (reward: string | null, stamps = 8): VisitNews => ({
  event: 'goal_reached',
  card: { ...CARD, stamps },
  reward,
})
const reward = (title: string | null, type: 'award' | 'voucher' = 'award'): VisitNews => ({
  event: 'reward_issued',
  reward: { type, title },
})
const voucher = (change: Partial<VoucherFacts> = {}): VisitNews => ({
  event: 'voucher_issued',
  voucher: { ...VOUCHER, ...change },
})
const lottery = (
  result: 'won' | 'try_again' | 'no_prize' | 'unknown',
  title: string | null = null,
  greeting: string | null = null,
): VisitNews => ({
  event: 'lottery_played',
  lottery: { result, title, greeting },
})
const card: VisitNews = { event: 'card_issued', card: { ...CARD, stamps: 0 } }
const saved: VisitNews = { event: 'card_saved', card: CARD }
const opened: VisitNews = { event: 'card_opened', card: CARD }

const say = (visit: readonly VisitNews[], language = 'en') => wording.say(language, contentOfVisit(visit, FACTS))
const lines = (...visit: readonly VisitNews[]) => say(visit).text.split('\n')

describe('what leads a visit’s message', () => {
  test('is the richest of its news, whatever came first', () => {
    const inOrder: readonly VisitNews[] = [
      voucher(),
      goal('A cookie'),
      reward('Tea'),
      lottery('won', 'Cake'),
      card,
      stamp(8),
      saved,
      opened,
    ]
    expect(inOrder.map(({ event }) => event)).toEqual(RICHEST_FIRST)
    for (let first = 0; first < inOrder.length - 1; first++) {
      const visit = inOrder.slice(first)
      const [leader] = visit
      if (!leader) throw new Error('no news')
      const [opening] = wording.say('en', contentOfNews(leader, FACTS)).text.split('\n')
      expect(lines(...visit.toReversed())[0]).toBe(opening)
    }
  })

  test('shows its own picture; where it has none, the card that came with it', () => {
    expect(contentOfVisit([stamp(8), voucher()], FACTS).picture).toEqual({ kind: 'voucher', voucherId: 'v_1' })
    expect(contentOfVisit([stamp(8), reward('Tea')], FACTS).picture).toEqual({ kind: 'card', cardId: 'card_1' })
    expect(contentOfVisit([reward('Tea'), lottery('won')], FACTS).picture).toBeUndefined()
  })

  test('keeps its buttons: a shown card needs none, and vouchers are always within reach', () => {
    const labels = (...visit: readonly VisitNews[]) => (say(visit).buttons ?? []).flat().map(({ label }) => label)
    expect(labels(stamp(8), voucher())).toEqual(['Copy the code', 'My vouchers'])
    expect(labels(stamp(8), reward('Tea'))).toEqual([])
    expect(labels(stamp(8), reward('Tea', 'voucher'))).toEqual(['My vouchers'])
    expect(labels(goal(null), reward('Tea', 'voucher'))).toEqual(['My vouchers'])
    expect(labels(reward('Tea'), lottery('won'))).toEqual(['My card', 'My vouchers'])
  })

  test('is silent only if all of it is', () => {
    expect(contentOfVisit([stamp(3), stamp(4)], FACTS).silent).toBe(true)
    expect(contentOfVisit([stamp(3), opened], FACTS).silent).toBe(true)
    expect(contentOfVisit([stamp(3), card], FACTS).silent).toBeUndefined()
  })
})

describe('what the leader lacks is said as a line', () => {
  test('the goal, a reward of another name, and the stamps with the card', () => {
    expect(lines(stamp(8), goal('Free coffee'), reward('A cookie'), voucher())).toEqual([
      '🎁 A voucher from Demo Coffee: Free coffee',
      'Valid until June 11, 2026',
      'Code: FREECOFFEE',
      'Voucher No. V-4821',
      'You have reached a goal',
      'Your reward: A cookie',
      'Stamps: 8 of 8 (+1)',
      'Coffee card, No. 113772',
    ])
  })

  test.each<[string, VisitNews[], string[]]>([
    ['a goal and its own reward', [goal('Tea'), reward('Tea')], []],
    ['a goal and a reward without a name', [goal('Tea'), reward(null)], ['A reward is waiting for you']],
    ['a voucher and the reward that it is', [voucher(), reward(null, 'voucher')], []],
    ['a voucher and another reward without a name', [voucher(), reward(null)], ['A reward is waiting for you']],
    ['two goals at once', [goal('Tea', 3), goal('Cake', 8)], ['You have reached a goal: Cake']],
    ['a goal and a game that was won', [goal(null), lottery('won', 'Cake')], ['You won: Cake']],
    ['a game that won something without a name', [goal(null), lottery('won')], ['You won']],
    ['a game that may be tried again', [goal(null), lottery('try_again')], ['Not this time, but you may try again']],
    ['a game without a prize', [goal(null), lottery('no_prize')], ['No prize this time']],
    ['a game whose result nobody knows', [goal(null), lottery('unknown')], ['Thank you for playing']],
    [
      'a game of which the business has something to say',
      [goal(null), lottery('won', 'Cake', 'Enjoy!')],
      ['You won: Cake', 'Enjoy!'],
    ],
    ['a new card with a reward', [reward('Tea'), card], ['Your stamp card is ready']],
    ['a goal and a card that was saved and opened', [goal(null), saved, opened], ['Your card is saved on your phone']],
    ['stamps of which nobody knows how many', [goal(null), stamp(8, null)], ['A new stamp']],
  ])('%s', (_, visit, expected) => {
    const ofCard = [/^Stamps: /, /^Coffee card, /, /more stamps/]
    expect(
      lines(...visit)
        .slice(1)
        .filter((line) => !ofCard.some((each) => each.test(line)) && !/^(Valid|Code|Voucher)/.test(line)),
    ).toEqual(expected)
  })

  test('the number of stamps added, where the count is not known', () => {
    const unknown = { ...CARD, stamps: null, stampsGoal: null, goals: [] }
    const news: VisitNews = { event: 'stamp_added', card: unknown, added: 2 }
    expect(lines(reward('Tea'), news)).toEqual([
      '🎁 Your reward at Demo Coffee: Tea',
      '+2 stamps',
      'Coffee card, No. 113772',
    ])
  })

  test('the card as the last of the news knew it', () => {
    expect(lines(goal(null, 3), stamp(4))).toContain('Stamps: 4 of 8 (+1)')
    expect(lines(stamp(3), goal(null, 4))).toContain('Stamps: 4 of 8 (+1)')
  })

  test('what the business wrote comes last, so that a messenger’s limit cuts nothing else', () => {
    expect(lines(lottery('won', 'Cake', 'Enjoy!'), stamp(8)).at(-1)).toBe('Enjoy!')
  })

  test('beside a message that was edited to tell of its leader alone', () => {
    const beside = (...visit: readonly VisitNews[]) => wording.say('en', { phrases: linesBesideLeader(visit) }).text
    expect(beside(voucher())).toBe('')
    expect(beside(voucher(), stamp(8))).toBe('Stamps: 8 of 8 (+1)\nCoffee card, No. 113772')
  })
})

test('one thing alone is told as ever', () => {
  for (const news of [voucher(), goal('Tea'), reward('Tea'), lottery('won', 'Cake', 'Enjoy!'), card, stamp(8)])
    expect(contentOfVisit([news], FACTS)).toEqual(contentOfNews(news, FACTS))
})

describe.each(LANGUAGES)('in %s', (language) => {
  test('a whole visit names the business, has one emoji, leaves no variable open and is read at a glance', () => {
    const visit = [stamp(8), goal('Free coffee'), reward('A cookie'), voucher()]
    const { text } = say(visit, language)
    expect(text).toContain('Demo Coffee')
    expect(text.match(/\p{Extended_Pictographic}/gu)).toHaveLength(1)
    expect(unfilledVariables(contentOfVisit(visit, FACTS))).toEqual([])
    expect(text.length, text).toBeLessThanOrEqual(280)
  })
})

const title = fc.option(fc.string({ unit: 'binary', maxLength: 200 }), { nil: null })
const anyCard = fc.record({
  id: fc.constant('card_1'),
  number: fc.string(),
  title,
  stamps: fc.option(fc.nat(20), { nil: null }),
  stampsGoal: fc.option(fc.nat(20), { nil: null }),
  goals: fc.array(fc.nat(20)),
  nextReward: title,
})
const anyNews: fc.Arbitrary<VisitNews> = fc.oneof(
  fc.record({ event: fc.constant('card_issued' as const), card: anyCard }),
  fc.record({ event: fc.constant('stamp_added' as const), card: anyCard, added: fc.option(fc.nat(9), { nil: null }) }),
  fc.record({ event: fc.constant('goal_reached' as const), card: anyCard, reward: title }),
  title.map((each) => reward(each)),
  title.map((each) => lottery('won', each, each)),
  title.map((each) => voucher({ title: each })),
)
const isVoucher = ({ event }: VisitNews) => event === 'voucher_issued'

describe('whatever happens at a visit', () => {
  const arrivals = fc.array(fc.record({ news: anyNews, afterMs: fc.nat(6_000) }), { minLength: 1, maxLength: 8 })
  const to = { lane: 'lane', chatId: 'chat' }

  test('everything is told once, by the richest of what is told together, within 10 s, and with one voucher at most', () => {
    fc.assert(
      fc.property(arrivals, (steps) => {
        let open: OpenVisit[] = []
        let plannedAt = 0
        for (const [index, { news, afterMs }] of steps.entries()) {
          plannedAt += afterMs
          const fresh: HeldNews = { deliveryId: `d${index}`, plannedAt, news }
          const merge = planMerge(fresh, to, open)
          const replaced = merge.kind === 'fold' ? merge.into : merge.kind === 'lead' ? merge.over : null
          const visit = merge.kind === 'none' ? [fresh] : merge.visit
          open = [...open.filter((each) => each !== replaced), { ...to, id: leaderOf(visit).deliveryId, visit }]
          if (merge.kind === 'fold') expect(leaderOf(visit).deliveryId).toBe(merge.into.id)
        }
        const told = open.flatMap(({ visit }) => visit ?? []).map(({ deliveryId }) => deliveryId)
        expect(told.sort()).toEqual(steps.map((_, index) => `d${index}`).sort())
        for (const { visit } of open) {
          const times = (visit ?? []).map((held) => held.plannedAt)
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(10_000)
          expect((visit ?? []).filter(({ news }) => isVoucher(news)).length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('the message fits a messenger and can be stored', () => {
    fc.assert(
      fc.property(
        fc.array(anyNews, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...LANGUAGES),
        (news, language) => {
          const visit = news.filter((each, index) => !isVoucher(each) || news.findIndex(isVoucher) === index)
          const { text } = say(visit, language)
          expect(text.length).toBeLessThanOrEqual(4_096)
          expect(unfilledVariables(contentOfVisit(visit, FACTS))).toEqual([])
          expect(contentOfVisit(JSON.parse(JSON.stringify(visit)), FACTS)).toEqual(contentOfVisit(visit, FACTS))
        },
      ),
    )
  })

  test('a message to another chat, or on another lane, is not joined', () => {
    const waiting: OpenVisit = { ...to, id: 'd0', visit: [{ deliveryId: 'd0', plannedAt: 0, news: stamp(8) }] }
    const fresh: HeldNews = { deliveryId: 'd1', plannedAt: 1, news: goal(null) }
    expect(planMerge(fresh, to, [waiting]).kind).toBe('lead')
    expect(planMerge(fresh, { ...to, chatId: 'another' }, [waiting]).kind).toBe('none')
    expect(planMerge(fresh, { ...to, lane: 'another' }, [waiting]).kind).toBe('none')
  })
})
