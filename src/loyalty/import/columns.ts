/** What a file may say of a customer and a card: our words, and those of 7stamp's list of customer cards. */
const FIELDS = {
  customer_id: ['customerid', 'customer', 'externalid', 'clientid', '7stampcustomerid'],
  wallet_pass_id: ['walletpassid', 'walletpass', 'passid', 'pass', 'walletpassserial'],
  card_id: ['cardid', 'card', 'cardnumber', '7stampcardid'],
  stamps: ['stamps', 'stampcount', 'stampscount', 'currentstamps', 'stampbalance', 'progress', 'штампи', 'stempel'],
  phone: ['phone', 'phonenumber', 'mobile', 'mobilephone', 'tel', 'telephone', 'телефон', 'telefon', 'telefono'],
  email: ['email', 'emailaddress', 'mail'],
  name: ['name', 'fullname', 'customername', 'user', 'імʼя', 'імя', 'nombre', 'nom', 'nome'],
  birthday: ['birthday', 'birthdate', 'dateofbirth', 'dob', 'geburtstag', 'деньнародження'],
  language: ['language', 'lang', 'locale', 'languagecode', 'мова', 'sprache'],
  // Not when a card was last stamped or used: its count was true later still, and would be taken for older than that stamp.
  updated_at: ['updatedat', 'updated', 'modifiedat'],
} as const

export type ImportField = keyof typeof FIELDS

export type Columns =
  | {
      readonly kind: 'columns'
      /** The place of each field that the file has. */
      readonly indexes: Readonly<Partial<Record<ImportField, number>>>
      /** How many there are, read or not. */
      readonly width: number
      /** Headers that mean nothing here. */
      readonly ignored: readonly string[]
    }
  /** `sentence` says what to change. */
  | { readonly kind: 'refused'; readonly sentence: string }

/** Finds the fields by the header's names, however they are written: `Customer ID`, `customer_id`, `customerId`. */
export const columnsOf = (header: readonly string[]): Columns => {
  const indexes: Partial<Record<ImportField, number>> = {}
  const ignored: string[] = []
  for (const [index, name] of header.entries()) {
    const field = fieldOf(name)
    if (field === null) {
      ignored.push(name.trim())
      continue
    }
    const other = indexes[field]
    if (other !== undefined)
      return refuse(
        `The columns "${header[other]?.trim()}" and "${name.trim()}" both mean ${field}: take one of them out.`,
      )
    indexes[field] = index
  }
  const isKnownBySomething = ['customer_id', 'phone', 'email'].some(
    (field) => indexes[field as ImportField] !== undefined,
  )
  if (!isKnownBySomething)
    return refuse(
      'The first line must name the columns, and one of them must be customer_id, phone or email. ' +
        `Columns that are read: ${Object.keys(FIELDS).join(', ')}.`,
    )
  return { kind: 'columns', indexes, width: header.length, ignored: ignored.filter((name) => name !== '') }
}

const fieldOf = (name: string): ImportField | null => {
  const plain = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}ʼ]/gu, '')
  const entry = Object.entries(FIELDS).find(([, names]) => (names as readonly string[]).includes(plain))
  return entry ? (entry[0] as ImportField) : null
}

const refuse = (sentence: string): Columns => ({ kind: 'refused', sentence })
