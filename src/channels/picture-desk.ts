import type { OutgoingPicture } from '../../bots/messenger.js'
import type { Clock } from '../clock.js'
import type { Database } from '../db/database.js'
import { assertNever } from '../errors.js'
import type { CardFacts, VoucherFacts } from '../loyalty/transition.js'
import type { PictureOf } from '../notify/content.js'
import type { Wording } from '../notify/wording.js'
import type { Brand, CardPicture, Picture, Pictures, VoucherPicture } from '../pictures/picture.js'
import type { PictureStore } from '../pictures/picture-store.js'

/** What the mirror knows of cards and vouchers. `main` gives the loyalty mirror's answers. */
export interface Shown {
  cards(ids: readonly string[]): Promise<ReadonlyMap<string, CardFacts>>
  vouchers(ids: readonly string[]): Promise<ReadonlyMap<string, VoucherFacts>>
}

/** Whose picture it is, and who reads it. */
export interface PictureReader {
  readonly business: {
    readonly name: string
    readonly color: string
    readonly logo: string | null
    readonly timeZone: string
  }
  readonly language: string
}

/** Facts of all that a batch shows, read at once. */
export interface ShownFacts {
  readonly cards: ReadonlyMap<string, CardFacts>
  readonly vouchers: ReadonlyMap<string, VoucherFacts>
}

export const readShown = async (shown: Shown, pictures: readonly PictureOf[]): Promise<ShownFacts> => {
  const cardIds = pictures.flatMap((picture) => (picture.kind === 'card' ? picture.cardId : []))
  const voucherIds = pictures.flatMap((picture) => ('voucherId' in picture ? picture.voucherId : []))
  const [cards, vouchers] = await Promise.all([
    shown.cards([...new Set(cardIds)]),
    shown.vouchers([...new Set(voucherIds)]),
  ])
  return { cards, vouchers }
}

/** The picture of a card or voucher as it is now; null if the mirror does not know it any more. */
export const composePicture = (
  wording: Wording,
  { cards, vouchers }: ShownFacts,
  picture: PictureOf,
  reader: PictureReader,
): Picture | null => {
  switch (picture.kind) {
    case 'card': {
      const card = cards.get(picture.cardId)
      return card ? cardPicture(wording, card, reader) : null
    }
    case 'voucher': {
      const voucher = vouchers.get(picture.voucherId)
      return voucher ? voucherPicture(wording, voucher, reader) : null
    }
    case 'showing': {
      const voucher = vouchers.get(picture.voucherId)
      return voucher ? showingPicture(wording, voucher, picture, reader) : null
    }
    case 'sample':
      return voucherPicture(wording, sampleVoucher(wording.word(reader.language, 'sample.title')), reader)
    default:
      return assertNever(picture)
  }
}

const sampleVoucher = (title: string): VoucherFacts => ({
  id: 'sample',
  master: 'own',
  number: 'TEST',
  title,
  description: null,
  redeemCode: 'TEST',
  formats: ['text', 'qr', 'barcode'],
  expiresAt: null,
  state: 'active',
})

/** Hands pictures to messengers, and keeps the content of those that are shown by address. */
export interface PictureDesk {
  /** A picture as a messenger takes it: drawn when it is first needed. `customerId`: whose card or voucher it shows. */
  outgoing(picture: Picture, altText: string, customerId: string | null): OutgoingPicture
  /** Makes sure that every process can serve a picture of this desk under its address from now on. */
  keep(outgoing: OutgoingPicture): Promise<void>
}

export const createPictureDesk = ({
  db,
  pictures,
  store,
  clock,
}: {
  readonly db: Database
  readonly pictures: Pictures
  readonly store: PictureStore
  readonly clock: Clock
}): PictureDesk => {
  const contents = new WeakMap<OutgoingPicture, { readonly content: Picture; readonly customerId: string | null }>()
  return {
    outgoing: (picture, altText, customerId) => {
      const outgoing = { id: pictures.idOf(picture), altText, png: () => pictures.render(picture) }
      contents.set(outgoing, { content: picture, customerId })
      return outgoing
    },
    keep: async (outgoing) => {
      const drawn = contents.get(outgoing)
      if (drawn) await db.write(store.add({ id: outgoing.id, ...drawn, createdAt: clock() }))
    },
  }
}

const brandOf = ({ business, language }: PictureReader): Brand => ({
  businessName: business.name,
  color: business.color,
  logo: business.logo,
  language,
})

const cardPicture = (wording: Wording, card: CardFacts, reader: PictureReader): CardPicture => {
  const { language, business } = reader
  const { stamps, stampsGoal } = card
  return {
    kind: 'card',
    brand: brandOf(reader),
    title: card.title ?? business.name,
    stamps,
    stampsGoal,
    goals: card.goals,
    nextReward: card.nextReward,
    cardNumber: card.number,
    labels: {
      progress:
        stamps === null || stampsGoal === null
          ? null
          : wording.word(language, 'picture.progress', { stamps, goal: stampsGoal }),
      nextReward: card.nextReward === null ? null : wording.word(language, 'picture.nextReward'),
      cardNumber: wording.word(language, 'picture.cardNumber'),
    },
  }
}

/** One QR and one number: nothing else that could be scanned or typed by mistake. */
const showingPicture = (
  wording: Wording,
  voucher: VoucherFacts,
  { code, link }: PictureOf & { kind: 'showing' },
  reader: PictureReader,
): VoucherPicture => {
  const { labels, ...picture } = voucherPicture(wording, { ...voucher, expiresAt: null, description: null }, reader)
  return {
    ...picture,
    redeemCode: link ?? code,
    formats: ['qr'],
    voucherNumber: code,
    labels: { ...labels, voucherNumber: wording.word(reader.language, 'picture.staffCode') },
  }
}

const voucherPicture = (wording: Wording, voucher: VoucherFacts, reader: PictureReader): VoucherPicture => {
  const { language, business } = reader
  const state = voucher.state === 'issued' ? 'active' : voucher.state
  return {
    kind: 'voucher',
    brand: brandOf(reader),
    title: voucher.title ?? wording.word(language, 'voucher.untitled'),
    description: voucher.description,
    redeemCode: voucher.redeemCode,
    formats: voucher.formats,
    voucherNumber: voucher.number,
    state,
    labels: {
      expires:
        voucher.expiresAt === null
          ? null
          : wording.word(language, 'picture.expires', {
              date: { date: voucher.expiresAt, timeZone: business.timeZone },
            }),
      voucherNumber: wording.word(language, 'picture.voucherNumber'),
      state: state === 'active' ? null : wording.word(language, `picture.${state}`),
    },
  }
}
