/** How a cashier names a card: by a button, or by the number that is typed. */
export type TillCard = { readonly id: string } | { readonly number: string }

/** What a guest shows at the till. */
export const isTillCode = (text: string): boolean => /^\d{4}$/.test(text)

/** One word with a digit in it: in a group, people also talk. */
export const isLikeACardNumber = (text: string): boolean => /^(?=.*\d)[\w-]{1,64}$/.test(text)
