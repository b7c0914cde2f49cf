import type { Kit } from '../db/kit.js'
import type { Picture } from './picture.js'

export const pictureTables = (k: Kit) => {
  /** What is on each picture that a URL may ask for, so that any process can draw it. */
  const pictures = k.table(
    'pictures',
    {
      id: k.text('id').primaryKey(),
      customerId: k.text('customer_id'),
      content: k.json('content').$type<Picture>().notNull(),
      createdAt: k.int('created_at').notNull(),
    },
    (t) => [k.index('pictures_of_customer').on(t.customerId)],
  )
  return { pictures }
}
