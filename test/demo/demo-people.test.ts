import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EXPORT_COMMANDS } from '../../src/cli/export-command.js'
import { openLeaving } from '../loyalty/adopt/leaving.js'

test('the demo’s people are in no figure and in no export, and nobody takes them over from 7stamp', async () => {
  const cafe = await openLeaving()
  await cafe.tells('stamp_added', 'olena', { card: { id: 'card_olena', stamps: 5, stamps_goal: 8 } })
  await cafe.tells('stamp_added', 'demo_emma', { card: { id: 'card_demo_emma', stamps: 2, stamps_goal: 8 } })
  await cafe.tells('voucher_issued', 'demo_emma', {
    voucher: { id: 'v_demo', title: 'Free cookie', redeem_code: 'X1' },
  })
  expect((await cafe.rows()).customers.map(({ externalId }) => externalId)).toContain('demo_emma')

  expect(await cafe.api.ok('GET', '/stats')).toMatchObject({ customers: { total: 1 }, events: { stamp_added: 1 } })
  for (const [table, rows] of Object.entries({ customers: 1, cards: 1, vouchers: 0 })) {
    const out = join(cafe.folder, `${table}.csv`)
    const context = { foundation: cafe.foundation, firstBusinessId: cafe.businessId }
    expect(await EXPORT_COMMANDS[`export ${table}`]?.run(context, ['--out', out])).toMatchObject({ rows: [{ rows }] })
    expect(readFileSync(out, 'utf8')).not.toContain('demo')
  }

  cafe.exports('card_olena,olena,5')
  expect((await cafe.dryRun()).row).toMatchObject({ cards: 1, only_in_mirror: 0 })
  expect((await cafe.leave()).row).toMatchObject({ state: 'adopted', cards: 1, vouchers: 0, left_at_7stamp: 0 })
  expect(await cafe.cardOf('demo_emma')).toMatchObject({ master: '7stamp' })
  expect((await cafe.leave()).empty).toContain('No card or voucher of 7stamp’s is left')
  await cafe.close()
})
