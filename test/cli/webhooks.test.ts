import { expect, test, vi } from 'vitest'
import { openReceiver } from '../doubles/webhook-receiver.js'
import { openHooks, stampAdded } from '../support/hooks.js'

const SOON = { timeout: 10_000, interval: 20 }

test('an owner adds a webhook, sees what it was sent, and removes it', async () => {
  const hooks = await openHooks()
  const { run } = hooks
  const receiver = await openReceiver()
  expect((await run('webhooks list')).empty).toContain('webhooks add')
  const added = await run('webhooks add', receiver.url, '--events', 'stamp_added, goal_reached', '--include-contact')
  const id = String(added.rows[0]?.id)
  expect(added.rows).toEqual([{ id, url: receiver.url, secret: expect.stringMatching(/^whsec_/) }])
  expect((await run('webhooks list')).rows).toMatchObject([
    { id, events: 'stamp_added,goal_reached', contact: 'yes', state: 'enabled', reason: null, since: null },
  ])
  const [eventId = ''] = await hooks.post(stampAdded())
  await run('webhooks test', id)
  await vi.waitFor(
    async () => expect((await run('webhooks deliveries', id)).rows.map(({ state }) => state)).toEqual(['sent', 'sent']),
    SOON,
  )
  expect((await run('webhooks deliveries', id)).rows).toContainEqual(
    expect.objectContaining({ event: eventId, status: 204, tries: 1, ms: expect.any(Number), next_try: null }),
  )
  expect((await run('webhooks replay', id, eventId)).rows).toEqual([{ deliveries: 1 }])
  const day = ['--from', '2000-01-01', '--to', '2100-01-01']
  expect((await run('webhooks replay', id, ...day)).rows).toEqual([{ deliveries: 1 }])
  expect((await run('webhooks rotate', id)).rows).toEqual([{ secret: expect.stringMatching(/^whsec_/) }])
  expect((await run('webhooks enable', id)).rows).toMatchObject([{ id, state: 'enabled' }])
  await run('webhooks remove', id)
  expect((await run('webhooks list')).rows).toEqual([])
})

test('what cannot be is refused with what to do', async () => {
  const { run, subscribe } = await openHooks()
  const { subscription } = await subscribe({ url: 'https://hooks.example.com/' })
  await expect(run('webhooks add')).rejects.toThrow('webhooks add <url>')
  await expect(run('webhooks add', 'nonsense')).rejects.toMatchObject({
    fields: [{ field: 'url', message: 'must be an address such as https://example.com/webhooks' }],
  })
  await expect(run('webhooks add', 'https://a.example.com/', '--events', 'nothing')).rejects.toMatchObject({
    code: 'invalid_input',
  })
  await expect(run('webhooks replay', subscription.id)).rejects.toThrow('--from <time> --to <time>')
  for (const command of ['test', 'remove', 'rotate', 'enable', 'deliveries'])
    await expect(run(`webhooks ${command}`, 'sub_none')).rejects.toMatchObject({ code: 'not_found' })
})
