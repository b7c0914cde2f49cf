import { customerIdOf } from '../../events/journaled-event.js'
import { derivedId } from '../../ids.js'
import { newCard } from '../card.js'
import { newCustomer, toldOf } from '../customer.js'
import type { CardRow, CustomerRow } from '../loyalty-tables.js'
import type { CardTemplateRow } from '../own/own-tables.js'
import { withNumber } from '../stamp-count.js'
import { cardIdOf } from '../subjects.js'
import { type ImportCounts, NO_COUNTS } from './import-tables.js'
import { type ImportedCard, importedCard } from './imported-card.js'
import { People, type Person } from './people.js'
import type { ImportRow, LineError } from './read-row.js'

/** What all rows of an import have in common. */
export interface ImportContext {
  readonly importId: string
  readonly business: { readonly id: string; readonly parentId: string | null }
  /** The template of cards that are not 7stamp's; null if there is none. */
  readonly template: CardTemplateRow | null
  /** When the file was true, Unix ms. */
  readonly asOf: number
}

/** A row with what follows from it. All of that are hashes, so it is made once. */
export interface Subject {
  readonly row: ImportRow
  /** Of the customer if they are new: by 7stamp's id, else the one that everybody makes of the contact. */
  readonly customerId: string
  /** Of 7stamp's card. */
  readonly cardId: string | null
  /** By what an erased person is known again. */
  readonly marks: readonly string[]
}

export const subjectOf = (row: ImportRow, businessId: string, marks: readonly string[]): Subject => ({
  row,
  customerId: idOfNew(row, businessId),
  cardId: row.cardExternalId === null ? null : cardIdOf(businessId, row.cardExternalId),
  marks,
})

/** What is known of those whom a chunk is about. */
export interface ImportKnown {
  readonly people: readonly { readonly customer: CustomerRow; readonly ownCard: CardRow | null }[]
  /** 7stamp's. */
  readonly cards: readonly CardRow[]
  readonly tombstones: ReadonlySet<string>
}

/** What a chunk of rows comes to. */
export interface ImportDecision {
  readonly people: Iterable<Person>
  /** 7stamp's cards that changed; `before` is undefined for a new one. */
  readonly cards: readonly { readonly before: CardRow | undefined; readonly after: CardRow }[]
  readonly issued: readonly ImportedCard[]
  readonly counts: ImportCounts
  readonly errors: readonly LineError[]
}

type Became = 'created' | 'updated' | 'unchanged' | 'erased' | Omit<LineError, 'line'>

/**
 * Takes rows over, in their order. The same rows again change nothing. Who is known is filled up: what was said later than
 * the file stands, and a card of our own keeps its own history.
 */
export const importRows = (
  subjects: readonly Subject[],
  known: ImportKnown,
  context: ImportContext,
  now: number,
): ImportDecision => {
  const people = new People()
  for (const { customer, ownCard } of known.people)
    people.add({ before: customer, customer, ownCard: ownCard ?? undefined })
  const cards = new Map(known.cards.map((card) => [card.id, { before: card as CardRow | undefined, after: card }]))
  const chunk = { people, cards, issued: [] as ImportedCard[], tombstones: known.tombstones, context, now }
  const counts = { ...NO_COUNTS, rows: subjects.length }
  const errors: LineError[] = []
  for (const subject of subjects) {
    const became = importRow(subject, chunk)
    if (typeof became === 'string') counts[became]++
    else {
      counts.wrong++
      errors.push({ line: subject.row.line, ...became })
    }
  }
  const changedCards = [...cards.values()].filter(({ before, after }) => before !== after)
  return { people: people.all, cards: changedCards, issued: chunk.issued, counts, errors }
}

interface Chunk {
  readonly people: People
  readonly cards: Map<string, { readonly before: CardRow | undefined; readonly after: CardRow }>
  readonly issued: ImportedCard[]
  readonly tombstones: ReadonlySet<string>
  readonly context: ImportContext
  readonly now: number
}

const importRow = (subject: Subject, chunk: Chunk): Became => {
  const { row, marks } = subject
  const { people, context, now } = chunk
  const match = matchOf(subject, people)
  if (match.kind === 'unclear') return match.error
  const found = match.kind === 'known' ? match.person : undefined
  if (found ? found.customer.erasedAt !== null : marks.some((mark) => chunk.tombstones.has(mark))) return 'erased'
  if (row.stamps !== null && row.cardExternalId === null) {
    const refusal = refusalOfOwnCard(row.stamps, found?.ownCard, timeOf(row, chunk), context)
    if (refusal !== null) return refusal
  }
  const person = found ?? newPerson(subject, people, context, now)
  if (!found) people.add(person)
  const told = toldOf(person.customer, saidIn(row), timeOf(row, chunk))
  const isTold = saysMore(person.customer, told)
  if (told !== person.customer) people.change(person, told)
  const isCardChanged = subject.cardId === null ? issueOwnCard(row, person, chunk) : mirrorCard(subject, person, chunk)
  if (!found) return 'created'
  return isTold || isCardChanged ? 'updated' : 'unchanged'
}

/** 7stamp's id is who somebody is: its events will find them by it. Only who has none is known by phone or email. */
const matchOf = ({ row, customerId }: Subject, people: People): ReturnType<People['match']> => {
  if (row.externalId === null) return people.match(row)
  const person = people.withId(customerId)
  return person ? { kind: 'known', person } : { kind: 'nobody' }
}

/** Nothing is true later than now. */
const timeOf = ({ updatedAt }: ImportRow, { context, now }: Chunk): number => Math.min(updatedAt ?? context.asOf, now)

const idOfNew = (row: ImportRow, businessId: string): string => {
  const { externalId, phone, email } = row
  if (externalId !== null) return customerIdOf(businessId, externalId)
  const contact = phone === null ? ['email', email ?? ''] : ['phone', phone]
  return derivedId('c', 'own', businessId, ...contact, '0')
}

const newPerson = (
  { row, customerId: id }: Subject,
  people: People,
  { business, importId }: ImportContext,
  now: number,
): Person => {
  // Somebody else had this contact once and keeps the id that was made of it.
  const free = people.withId(id) ? derivedId('c', 'own', business.id, importId, String(row.line)) : id
  const customer = newCustomer({ id: free, businessId: business.id, externalId: row.externalId, isDemo: false }, now)
  return { before: undefined, customer, ownCard: undefined }
}

const saidIn = ({ walletPassId, name, phone, email, birthday, language }: ImportRow) => ({
  walletPassId,
  name,
  phone,
  email,
  birthday,
  language,
})

/** That the same was said again later is kept, and is nothing new. */
const saysMore = (before: CustomerRow, after: CustomerRow): boolean =>
  PROFILE.some((field) => before[field] !== after[field])

const PROFILE = ['walletPassId', 'name', 'phone', 'email', 'birthday', 'language'] as const

const refusalOfOwnCard = (
  stamps: number,
  card: CardRow | undefined,
  at: number,
  { template }: ImportContext,
): Omit<LineError, 'line'> | null => {
  if (template === null)
    return {
      column: 'stamps',
      message: 'There is no card to put stamps on: make a card template first, or give card_id.',
    }
  if (card === undefined || card.stampsTotal === stamps || card.countsAt > at) return null
  return { column: 'stamps', message: 'The customer has a card here with another count: its own history stands.' }
}

const issueOwnCard = (row: ImportRow, person: Person, chunk: Chunk): boolean => {
  const { business, template } = chunk.context
  if (row.stamps === null || template === null || person.ownCard !== undefined) return false
  const cause = { business, customer: person.customer, at: timeOf(row, chunk), writtenAt: chunk.now }
  const issued = importedCard(cause, template, row.stamps)
  person.ownCard = issued.card
  chunk.issued.push(issued)
  return true
}

const mirrorCard = ({ row, cardId: id }: Subject, { customer }: Person, chunk: Chunk): boolean => {
  const { cards, context, now } = chunk
  if (row.cardExternalId === null || id === null) return false
  const entry = cards.get(id)
  // It was taken over from 7stamp since: its own history stands.
  if (entry?.after.master === 'own') return false
  const before =
    entry?.after ??
    newCard(
      { businessId: context.business.id, customerId: customer.id, externalId: row.cardExternalId, master: '7stamp' },
      now,
    )
  const counts = row.stamps === null ? before : withNumber(before, row.stamps, timeOf(row, chunk))
  if (entry && counts === before) return false
  const { stamps, countsAt, increments } = counts
  cards.set(id, { before: entry?.before, after: { ...before, stamps, countsAt, increments } })
  return stamps !== entry?.after.stamps
}
