/** What is on a picture. The picture's id is the hash of this, so equal content is rendered once. */
export type Picture = CardPicture | VoucherPicture

export interface Brand {
  readonly businessName: string
  /** `#rrggbb` */
  readonly color: string
  /** A PNG, JPEG or SVG as data URL, or null for the name's initial. */
  readonly logo: string | null
  /** BCP 47 tag of the words on the picture; decides direction and fonts' preference. */
  readonly language: string
}

export interface CardPicture {
  readonly kind: 'card'
  readonly brand: Brand
  readonly title: string
  /** Null while the mirror does not know the count: then no number is shown. */
  readonly stamps: number | null
  readonly stampsGoal: number | null
  /** Stamp counts that earn a reward, ascending. */
  readonly goals: readonly number[]
  readonly nextReward: string | null
  /** Shown as text and as QR for staff. */
  readonly cardNumber: string
  /** Words in the reader's language, already worded. */
  readonly labels: { readonly progress: string | null; readonly nextReward: string | null; readonly cardNumber: string }
}

export interface VoucherPicture {
  readonly kind: 'voucher'
  readonly brand: Brand
  readonly title: string
  readonly description: string | null
  readonly redeemCode: string | null
  /** What to draw of the redeem code. */
  readonly formats: readonly ('text' | 'qr' | 'barcode')[]
  readonly voucherNumber: string
  readonly state: 'active' | 'redeemed' | 'expired'
  readonly labels: {
    readonly expires: string | null
    readonly voucherNumber: string
    /** "Redeemed" or "Expired" over the codes; null while the voucher can be used. */
    readonly state: string | null
  }
}

export interface Pictures {
  /** The content's hash: names the picture to messengers and in signed URLs. */
  idOf(picture: Picture): string
  /** A PNG. Rendered off the event loop, once per content while it is remembered. */
  render(picture: Picture): Promise<Buffer>
  close(): Promise<void>
}
