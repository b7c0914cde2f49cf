import type { CardRow, CustomerRow, VoucherRow } from '../loyalty-tables.js'

type Cell = string | number | null

/** The columns of an exported table: their names, and how each is made of a row. The first is the id. */
export type ExportColumns<Row> = readonly (readonly [name: string, cellOf: (row: Row) => Cell])[]

export interface CardOfCustomer {
  readonly card: CardRow
  readonly customer: CustomerRow
}

export interface VoucherOfCustomer {
  readonly voucher: VoucherRow
  readonly customer: CustomerRow
}

const timeOf = (ms: number | null): string | null => (ms === null || ms === 0 ? null : new Date(ms).toISOString())

/** What an import reads has the name by which it is read. */
export const CUSTOMER_COLUMNS: ExportColumns<CustomerRow> = [
  ['id', ({ id }) => id],
  ['customer_id', ({ externalId }) => externalId],
  ['wallet_pass_id', ({ walletPassId }) => walletPassId],
  ['phone', ({ phone }) => phone],
  ['email', ({ email }) => email],
  ['name', ({ name }) => name],
  ['birthday', ({ birthday }) => birthday],
  ['language', ({ language }) => language],
  ['created_at', ({ createdAt }) => timeOf(createdAt)],
]

export const CARD_COLUMNS: ExportColumns<CardOfCustomer> = [
  ['id', ({ card }) => card.id],
  ['card_id', ({ card }) => card.externalId],
  ['customer_id', ({ customer }) => customer.externalId],
  ['phone', ({ customer }) => customer.phone],
  ['email', ({ customer }) => customer.email],
  ['title', ({ card }) => card.title],
  // A card of our own shows its round, and is carried on by all its stamps.
  ['stamps', ({ card }) => card.stampsTotal ?? card.stamps],
  ['stamps_shown', ({ card }) => card.stamps],
  ['master', ({ card }) => card.master],
  ['created_at', ({ card }) => timeOf(card.createdAt)],
  ['last_stamped_at', ({ card }) => timeOf(card.touchedAt)],
]

export const VOUCHER_COLUMNS: ExportColumns<VoucherOfCustomer> = [
  ['id', ({ voucher }) => voucher.id],
  ['number', ({ voucher }) => voucher.number],
  ['customer', ({ customer }) => customer.id],
  ['phone', ({ customer }) => customer.phone],
  ['email', ({ customer }) => customer.email],
  ['card', ({ voucher }) => voucher.cardId],
  ['title', ({ voucher }) => voucher.title],
  ['description', ({ voucher }) => voucher.description],
  ['redeem_code', ({ voucher }) => voucher.redeemCode],
  ['state', ({ voucher }) => voucher.state],
  ['state_since', ({ voucher }) => timeOf(voucher.stateAt)],
  ['expires_at', ({ voucher }) => timeOf(voucher.expiresAt)],
  ['master', ({ voucher }) => voucher.master],
]

/** One line of CSV (RFC 4180). */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** A spreadsheet would compute a text that begins like a formula; phones and birthdays without a year are none. */
const csvCell = (cell: Cell): string => {
  if (cell === null || typeof cell === 'number') return String(cell ?? '')
  const isFormula = /^[=+\-@\t\r]/.test(cell) && !/^(?:\+\d+|--\d\d-\d\d)$/.test(cell)
  const text = isFormula ? `'${cell}` : cell
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
