import type { CardRow, CustomerRow } from '../loyalty-tables.js'
import type { ImportRow, LineError } from './read-row.js'

/** A customer as a chunk of rows finds and leaves them. */
export interface Person {
  /** Undefined for somebody whom the chunk makes. */
  readonly before: CustomerRow | undefined
  customer: CustomerRow
  /** Their card of the business's own. */
  ownCard: CardRow | undefined
}

export type Match =
  | { readonly kind: 'known'; readonly person: Person }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unclear'; readonly error: Omit<LineError, 'line'> }

/** Everybody whom a chunk of rows may be about, with those whom its rows have made already. */
export class People {
  readonly #byId = new Map<string, Person>()
  readonly #byPhone = new Map<string, Person[]>()
  readonly #byEmail = new Map<string, Person[]>()

  get all(): Iterable<Person> {
    return this.#byId.values()
  }

  withId(id: string): Person | undefined {
    return this.#byId.get(id)
  }

  add(person: Person): void {
    if (this.#byId.has(person.customer.id)) return
    this.#byId.set(person.customer.id, person)
    this.#index(person)
  }

  /** What is said of somebody may be a phone or email by which a later row means them. */
  change(person: Person, customer: CustomerRow): void {
    person.customer = customer
    this.#index(person)
  }

  /** Whom a row without 7stamp's id means. */
  match({ phone, email }: Pick<ImportRow, 'phone' | 'email'>): Match {
    const withPhone = phone === null ? NOBODY : this.#having(this.#byPhone, phone, 'phone')
    const withEmail = email === null ? NOBODY : this.#having(this.#byEmail, email, 'email')
    const both = withPhone.filter((person) => withEmail.includes(person))
    if (withPhone.length > 0 && withEmail.length > 0 && both.length === 0)
      return unclear('', 'The phone is one customer’s and the email another’s: leave one of the two out.')
    const meant = [both, withPhone, withEmail].find((some) => some.length > 0) ?? NOBODY
    const [person, another] = meant
    if (!person) return { kind: 'nobody' }
    if (!another) return { kind: 'known', person }
    return unclear(withPhone.length > 0 ? 'phone' : 'email', 'Several customers have it: give a customer_id too.')
  }

  /** Who had it once and has another now does not count. */
  #having(index: ReadonlyMap<string, readonly Person[]>, value: string, field: 'phone' | 'email'): readonly Person[] {
    const those = index.get(value) ?? NOBODY
    return those.filter(({ customer }) => customer[field] === value && customer.erasedAt === null)
  }

  #index(person: Person): void {
    const { phone, email } = person.customer
    if (phone !== null) addTo(this.#byPhone, phone, person)
    if (email !== null) addTo(this.#byEmail, email, person)
  }
}

const NOBODY: readonly Person[] = []

const addTo = (index: Map<string, Person[]>, key: string, person: Person): void => {
  const those = index.get(key)
  if (!those) index.set(key, [person])
  else if (!those.includes(person)) those.push(person)
}

const unclear = (column: LineError['column'], message: string): Match => ({
  kind: 'unclear',
  error: { column, message },
})
