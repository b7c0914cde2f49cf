import { assertNever } from '../../src/errors.js'
import { customerIdOf } from '../../src/events/journaled-event.js'
import type { VoucherOffer } from '../../src/loyalty/own/voucher-offer.js'
import { openTelegramDouble } from '../doubles/telegram-bot-api.js'
import { type Application, BUSINESS_ID, LOCATION_ID, type NewCustomer, openApplication } from './application.js'
import { CODE, codeIn, givenNumberOn, payloadOn } from './codes.js'
import { frameOf, localized, shownHappening } from './frames.js'
import type { Language, Link, OnTelegram, OwnVoucher, Scenario, Step } from './scenario.js'
import type { Seat, Seats, Seen, TelegramSeat } from './seat.js'
import { openTelegramSeats } from './telegram-seats.js'
import { openWebSeats } from './web-seats.js'

/** One thing that was done, or one message that somebody saw because of it. */
export type Entry =
  | { readonly kind: 'done'; readonly line: string }
  | {
      readonly kind: 'seen'
      readonly by: string
      readonly seen: Seen
      readonly shows: string | null
      /** Of a card that was given in a chat, if the message shows it. */
      readonly givenNumber: string | null
    }

/** Plays a scenario with every person on Telegram, through the real adapter. */
export const playOnTelegram = async (scenario: Scenario, language: Language): Promise<readonly Entry[]> => {
  const telegram = await openTelegramDouble()
  const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.apiRoot }
  const seats = openTelegramSeats(telegram)
  return play(scenario, language, { ...env, ...scenario.env }, () => seats, actOnTelegram)
}

/** Plays it with every person in the web chat, through its HTTP. */
export const playInWebChat = (scenario: Scenario, language: Language): Promise<readonly Entry[]> =>
  play(scenario, language, { ...scenario.env }, openWebSeats, (_seat, step) => {
    throw new Error(`a web chat has no ${step.kind}`)
  })

interface Stage<Place extends Seat> {
  readonly application: Application
  readonly scenario: Scenario
  readonly language: Language
  seat(who: string): Place
  speaks(who: string): Language
  actOnTelegram(seat: Place, step: OnTelegram, stage: Stage<Place>): void
  readonly memory: Memory
}

interface Memory {
  /** What was opened last. */
  link: { readonly words: string; readonly payload: string } | null
  /** The last code at the till, or the last that a customer showed to the staff. */
  code: string | null
  /** The number of the voucher or card that was given last. */
  number: string | null
  /** What the QR opens that a customer shows to the staff. */
  shown: string | null
  /** The entries that stand in each chat's menu. */
  readonly menus: Map<string, readonly string[]>
}

const play = async <Place extends Seat>(
  scenario: Scenario,
  language: Language,
  env: Readonly<Record<string, string>>,
  openSeats: (application: Application) => Seats<Place>,
  act: Stage<Place>['actOnTelegram'],
): Promise<readonly Entry[]> => {
  const application = await openApplication(env)
  const seats = openSeats(application)
  try {
    const places = new Map<string, Place>()
    const speaks = (who: string) => personOf(scenario, who).speaks ?? language
    for (const [who, person] of Object.entries(scenario.people))
      places.set(who, await seats.seat(who, speaks(who), person.isGroup === true))
    const seat = (who: string): Place => {
      const place = places.get(who)
      if (!place) throw new Error(`nobody is called ${who}`)
      return place
    }
    const memory: Memory = { link: null, code: null, number: null, shown: null, menus: new Map() }
    const stage: Stage<Place> = { application, scenario, language, seat, speaks, actOnTelegram: act, memory }
    const entries: Entry[] = []
    for (const step of scenario.steps) {
      entries.push({ kind: 'done', line: await perform(step, stage) })
      await seats.heard()
      await application.settled()
      for (const [who, place] of places)
        for (const seen of await place.takeNew()) {
          const shows = whatIsShown(seen, application)
          memory.code = codeIn(seen.text, application.wording) ?? memory.code
          if (seen.png && shows === SHOWING) memory.shown = await payloadOn(seen.png)
          if (seen.menu) memory.menus.set(who, seen.menu)
          const given = application.rows<{ number: string }>("select number from cards where master = 'own'")
          // Those that the scenario gives are the same every time.
          const numbers = given.flatMap(({ number }) => (number === memory.number ? [] : number))
          entries.push({ kind: 'seen', by: who, seen, shows, givenNumber: await givenNumberOn(seen, numbers) })
        }
    }
    return entries
  } finally {
    await seats.close()
    await application.close()
  }
}

const personOf = ({ people }: Scenario, who: string) => {
  const person = people[who]
  if (!person) throw new Error(`nobody is called ${who}`)
  return person
}

/** Does a step and tells it in one line. */
const perform = async <Place extends Seat>(step: Step, stage: Stage<Place>): Promise<string> => {
  const { application, memory } = stage
  switch (step.kind) {
    case 'says': {
      const text = localized(step.text, stage.speaks(step.who))
      await stage.seat(step.who).says(text)
      return `${step.who}: ${text}`
    }
    case 'presses':
      return press(step.who, labelsOf(step.key, step.who, stage), stage)
    case 'presses_named':
      return press(step.who, [localized(step.label, stage.speaks(step.who))], stage)
    case 'opens': {
      memory.link = step.link === 'again' ? memory.link : await payloadOf(step.link, stage)
      if (!memory.link) throw new Error('no link was opened yet')
      application.passes((step.afterMinutes ?? 0) * 60_000)
      await stage.seat(step.who).starts(memory.link.payload)
      const late = step.afterMinutes === undefined ? '' : `, ${inWords(step.afterMinutes)} old`
      return `${step.who}: (opens ${memory.link.words}${late})`
    }
    case 'types_code': {
      if (memory.code === null) throw new Error('no code was shown yet')
      const zeros = '0'.repeat(memory.code.length)
      const wrong = memory.code === zeros ? '1'.repeat(zeros.length) : zeros
      await stage.seat(step.who).says(step.isWrong ? wrong : memory.code)
      return `${step.who}: ${step.isWrong ? '(a wrong code)' : CODE}`
    }
    case 'types_number':
      if (memory.number === null) throw new Error('nothing with a number was given yet')
      await stage.seat(step.who).says(memory.number)
      return `${step.who}: ${memory.number}`
    case 'is_given': {
      const title = localized(step.voucher.title, stage.language)
      memory.number = await application.giveVoucher(customerOf(step.who, stage), offerOf(step.voucher, title))
      return `Corner Coffee: (gives ${step.who} a voucher, ${title})`
    }
    case 'is_given_card': {
      const { language } = stage
      const title = localized(step.card.title, language)
      const goals = step.card.goals.map(({ stamps, reward }) => ({
        stamps,
        reward: { kind: 'award' as const, title: localized(reward, language) },
      }))
      const rules = { title, goals, stamping: { kind: 'per_order' as const }, afterLastGoal: 'start_over' as const }
      memory.number = await application.giveCard(newCustomerOf(step.who, stage), rules)
      return `Corner Coffee: (gives ${step.who} a stamp card, ${title})`
    }
    case 'offers_cards': {
      const title = localized(step.card.title, stage.language)
      const goals = step.card.goals.map(({ stamps, reward }) => ({ stamps, reward: localized(reward, stage.language) }))
      await application.offerCards(title, goals)
      return `Corner Coffee: (offers cards of its own, ${title})`
    }
    case 'is_hired':
      await application.hire(step.name, step.pin)
      return `Corner Coffee: (hires ${step.name} with a PIN)`
    case 'passes':
      application.passes(step.minutes * 60_000)
      return `(${inWords(step.minutes)} later)`
    case 'happens': {
      const { customer } = personOf(stage.scenario, step.about)
      if (!customer) throw new Error(`7stamp does not know ${step.about}`)
      for (const happening of step.events)
        await application.tell(frameOf(happening, customer, stage.language, application.clock()))
      return step.events.map((each) => `7stamp: ${shownHappening(each, step.about, stage.language)}`).join('\n')
    }
    default:
      stage.actOnTelegram(stage.seat(step.who), step, stage)
      return shownOnTelegram(step, stage)
  }
}

const actOnTelegram: Stage<TelegramSeat>['actOnTelegram'] = (seat, step, stage) => {
  switch (step.kind) {
    case 'shares_phone':
      return seat.sharesPhone(step.phone, step.own)
    case 'sends_sticker':
      return seat.sendsSticker()
    case 'blocks':
      return seat.blocks()
    case 'unblocks':
      return seat.unblocks()
    case 'replies':
      return seat.replies(labelsOf(step.key, step.who, stage)[0] ?? '', localized(step.text, stage.speaks(step.who)))
    default:
      return assertNever(step)
  }
}

const shownOnTelegram = <Place extends Seat>(step: OnTelegram, stage: Stage<Place>): string => {
  switch (step.kind) {
    case 'shares_phone':
      return `${step.who}: (shares ${step.own ? 'their own number' : 'somebody’s contact'}, ${step.phone})`
    case 'sends_sticker':
      return `${step.who}: (a sticker)`
    case 'blocks':
      return `${step.who}: (blocks the bot)`
    case 'unblocks':
      return `${step.who}: (unblocks the bot)`
    case 'replies':
      return `${step.who}: (in reply to the message) ${localized(step.text, stage.speaks(step.who))}`
    default:
      return assertNever(step)
  }
}

/** A label in the language that the chat is likely to speak, then in any other. */
const labelsOf = <Place extends Seat>(key: string, who: string, stage: Stage<Place>): readonly string[] => {
  const { languages, word } = stage.application.wording
  return [stage.speaks(who), ...languages].map((language) => word(language, key))
}

const press = async <Place extends Seat>(
  who: string,
  labels: readonly string[],
  stage: Stage<Place>,
): Promise<string> => {
  for (const label of labels) if (await stage.seat(who).presses(label)) return `${who}: [${label}]`
  const entry = stage.memory.menus.get(who)?.find((each) => labels.includes(each))
  if (entry === undefined) throw new Error(`${who} sees no button ${labels.join(', ')}`)
  // An entry of the menu is said.
  await stage.seat(who).says(entry)
  return `${who}: ${entry}`
}

const payloadOf = async <Place extends Seat>(
  link: Link,
  stage: Stage<Place>,
): Promise<{ words: string; payload: string }> => {
  const { application, memory } = stage
  if (link === 'counter') return { words: 'the link on the counter', payload: 'j_loc_podil' }
  if (link === 'forged') return { words: 'a link that nobody gave', payload: 'NobodyGaveThisLinkToAnyone' }
  if (link === 'staff') return { words: 'the link for staff', payload: await application.link({ kind: 'staff' }) }
  if (link === 'device') {
    const payload = await application.link({ kind: 'shared_device', locationId: LOCATION_ID })
    return { words: 'the link for a shared device', payload }
  }
  if (link === 'shown') {
    if (memory.shown === null) throw new Error('nothing was shown to the staff yet')
    return { words: 'the QR code that was shown', payload: memory.shown }
  }
  const customerId = customerOf(link.card, stage)
  return { words: `the link to ${link.card}’s card`, payload: await application.link({ kind: 'customer', customerId }) }
}

const customerOf = <Place extends Seat>(who: string, { scenario }: Stage<Place>): string => {
  const { customer } = personOf(scenario, who)
  if (!customer) throw new Error(`7stamp does not know ${who}`)
  return customerIdOf(BUSINESS_ID, customer.id)
}

/** Somebody who is a customer by the card that they are given, without 7stamp. */
const newCustomerOf = <Place extends Seat>(who: string, stage: Stage<Place>): NewCustomer => {
  const { name } = personOf(stage.scenario, who).customer ?? {}
  const speaks = stage.speaks(who)
  return { id: customerOf(who, stage), name: name === undefined ? null : localized(name, speaks), language: speaks }
}

const offerOf = ({ redeemCode, days }: OwnVoucher, title: string): VoucherOffer => ({
  ...{ templateId: null, title, description: null, redeemCode: redeemCode ?? null, formats: ['text', 'qr'] },
  validity: days === undefined ? { kind: 'unlimited' } : { kind: 'days', days },
  redemption: 'staff',
})

/** The picture that a customer shows to the staff, whose codes are others every time. */
export const SHOWING = 'showing'

/** Which card or voucher a message's picture shows, as the ledger and the mirror have it. */
const whatIsShown = ({ messageId, png }: Seen, { rows }: Application): string | null => {
  if (png === null) return null
  const [row] = rows<{ content: string }>(
    `select c.content from deliveries d join delivery_contents c on c.delivery_id = d.id
     where d.message_id = ? order by d.created_at limit 1`,
    messageId,
  )
  const picture = row ? (JSON.parse(row.content) as { picture?: ShownPicture }).picture : undefined
  if (picture?.kind === 'voucher') {
    const [voucher] = rows<{ number: string }>('select number from vouchers where id = ?', picture.voucherId)
    return `voucher ${voucher?.number ?? ''}`.trim()
  }
  return picture?.kind ?? null
}

interface ShownPicture {
  readonly kind: string
  readonly voucherId?: string
}

const inWords = (minutes: number): string => {
  const [count, unit] =
    minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
