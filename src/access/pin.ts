/**
 * What is kept of a PIN: an HMAC under a key that comes from the master key. scrypt would not do: a PIN of four digits has
 * 10,000 forms, and whoever holds a copy of the database tries them all in minutes at any cost per try, while without the
 * master key an HMAC cannot be tried at all. It also finds its cashier by an index, in the same time right or wrong. The salt
 * is the business: equal PINs of two businesses look different, and equal ones of one business must be found.
 */
export const pinHashOf = (fingerprint: Fingerprint, businessId: string, pin: string): string =>
  fingerprint(JSON.stringify(['cashier pin', businessId, pin]))

/** The same for the same text, and says nothing of it without the master key. */
export type Fingerprint = (text: string) => string

export type PinProblem = 'pin_malformed' | 'pin_obvious'

/** Why nobody may have this PIN; null if somebody may. */
export const problemOfPin = (pin: string): PinProblem | null => {
  if (!/^\d{4,6}$/.test(pin)) return 'pin_malformed'
  return isObvious(pin) ? 'pin_obvious' : null
}

/** The middle column of a keypad, up and down, and what people choose most among the rest. */
const MOST_TRIED = new Set(['2580', '0852', '1122', '1004', '159753', '112233'])

/** Among the first that anybody would try: 1111, 1234, 9876, 1212, 123123. */
const isObvious = (pin: string): boolean => MOST_TRIED.has(pin) || isRun(pin) || isRepeated(pin)

const isRun = (pin: string): boolean => {
  const digits = Array.from(pin, Number)
  const steps = new Set(digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10))
  return steps.size === 1 && [0, 1, 9].some((step) => steps.has(step))
}

const isRepeated = (pin: string): boolean =>
  [2, 3].some((length) => pin.length > length && pin === pin.slice(0, length).repeat(pin.length / length))
