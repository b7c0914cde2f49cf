import { WHAT_TO_DO_ABOUT_KEYS } from '../access/key-ring.js'
import { type StaffMember, WHAT_TO_DO } from '../access/staff.js'
import { AppError } from '../errors.js'
import { derivedId } from '../ids.js'
import { type CardRules, parseCardRules } from '../loyalty/own/card-rules.js'
import type { WrittenGoal } from '../loyalty/own/goals-in-words.js'
import type { CardTemplateRow } from '../loyalty/own/own-tables.js'
import { parseVoucherTerms } from '../loyalty/own/voucher-offer.js'
import type { Foundation } from './foundation.js'

/** What a café says of itself to begin with. */
export interface Cafe {
  readonly name: string
  /** One that the program speaks. */
  readonly language: string
  readonly cardTitle: string
  readonly goals: readonly WrittenGoal[]
  readonly location: string
  readonly owner: { readonly name: string; readonly login: string }
}

export interface OpenedCafe {
  readonly template: CardTemplateRow
  readonly location: { readonly id: string; readonly name: string }
  readonly owner: StaffMember
  /** Shown once. */
  readonly key: string
}

type CafeFoundation = Pick<Foundation, 'db' | 'businesses' | 'own' | 'access' | 'signals' | 'clock'>

/**
 * Makes all that a café needs to give out cards of its own: a voucher for each goal, the card, the location, the owner and an
 * API key. The owner comes last: what was broken off is done again from the beginning, and makes nothing twice. Throws
 * AppError: 'invalid_input', or 'conflict' where there is an owner already.
 */
export const openCafe = async (foundation: CafeFoundation, businessId: string, cafe: Cafe): Promise<OpenedCafe> => {
  const { access } = foundation
  const staff = await access.roster.listStaff(businessId)
  if (staff.some(({ role }) => role === 'owner')) throw new AppError('conflict', 'This business is set up already.')
  const rules = rulesOf(
    cafe,
    cafe.goals.map(() => 'vt_checked'),
  )
  parseCardRules(rules)
  await nameBusiness(foundation, businessId, cafe)
  const template = await saveCard(foundation, businessId, cafe)
  const location = await addLocation(foundation, businessId, cafe.location)
  const added = await access.roster.addStaff({ businessId, actor: 'cli', ...cafe.owner, role: 'owner' })
  if (added.kind === 'refused') throw new AppError('invalid_input', WHAT_TO_DO[added.reason])
  const { staff: owner } = added
  const made = await access.keyRing.createKey({ businessId, actor: 'cli', staffId: owner.id, name: cafe.owner.name })
  if (made.kind === 'refused') throw new AppError('conflict', WHAT_TO_DO_ABOUT_KEYS[made.reason])
  return { template, location, owner, key: made.key }
}

const nameBusiness = async (
  { db, businesses, signals }: CafeFoundation,
  businessId: string,
  { name, language }: Cafe,
): Promise<void> => {
  await db.atomically({ business: businesses.locked({ id: businessId }) }, ({ business: [business] }) => ({
    writes: business ? [businesses.save({ ...business, name, language })] : [],
    result: undefined,
  }))
  signals.publish('business', businessId)
}

const saveCard = async ({ own, clock }: CafeFoundation, businessId: string, cafe: Cafe): Promise<CardTemplateRow> => {
  const vouchers: string[] = []
  for (const { stamps, reward } of cafe.goals) {
    const saved = await own.saveVoucherTemplate({
      businessId,
      id: null,
      // What was asked for makes the key, so that a second try with other goals makes others.
      key: JSON.stringify(['init', stamps, reward]),
      now: clock(),
      terms: parseVoucherTerms({
        title: reward,
        description: null,
        redeemCode: null,
        formats: ['text', 'qr'],
        validity: { kind: 'unlimited' },
        redemption: 'staff',
      }),
    })
    if (saved.kind === 'refused') throw new Error(saved.reason)
    vouchers.push(saved.template.id)
  }
  const rules = parseCardRules(rulesOf(cafe, vouchers))
  const saved = await own.saveCardTemplate({
    businessId,
    id: null,
    key: JSON.stringify(['init', cafe.cardTitle, cafe.goals]),
    now: clock(),
    rules,
  })
  if (saved.kind === 'refused') throw new Error(saved.reason)
  return saved.template
}

const rulesOf = ({ cardTitle, goals }: Cafe, vouchers: readonly string[]): CardRules => ({
  title: cardTitle,
  goals: goals.map(({ stamps, reward }, index) => ({
    stamps,
    reward: { kind: 'voucher', title: reward, voucherTemplateId: vouchers[index] ?? '' },
  })),
  stamping: { kind: 'per_order' },
  afterLastGoal: 'start_over',
})

const addLocation = async ({ db, businesses, clock }: CafeFoundation, businessId: string, name: string) => {
  const id = derivedId('loc', businessId, 'init', name)
  await db.write(businesses.addLocation({ id, businessId, externalId: id, name, createdAt: clock() }))
  return { id, name }
}
