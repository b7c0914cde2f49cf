import { randomUUID } from 'node:crypto'
import { PNG } from 'pngjs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Button, Messenger, OutgoingMessage, OutgoingPicture, SendResult } from '../../bots/messenger.js'

/** A message as the person sees it now. */
export interface Seen {
  readonly text: string
  /** The picture's bytes as they were sent. */
  readonly picture: Buffer | null
  readonly buttons: readonly (readonly Button[])[]
  /** Null where the messenger knows no silence. */
  readonly silent: boolean | null
}

/** A messenger with its provider and one person who has opened a chat. */
export interface MessengerSetting {
  readonly messenger: Messenger
  readonly address: string
  /** The person's chat, oldest message first. */
  shown(): Promise<readonly Seen[]>
  /** Presses a button of the newest message and returns the update that the messenger delivers. */
  press(label: string): Promise<unknown>
  /** Writes to the bot and returns the update that the messenger delivers. */
  say(text: string): Promise<unknown>
  /** What the provider can be made to do; a case without its fault is not run. Each holds until `recover`. */
  readonly faults: {
    /** The person blocks the bot. */
    block?(): Promise<void>
    /** The message arrives, its answer does not. */
    dropAnswers?(): Promise<void>
    /** No connection can be made. */
    refuseConnections?(): Promise<void>
    /** The message arrives, its answer takes very long. */
    stall?(): Promise<void>
    /** The provider asks to wait, for the whole sender. */
    throttle?(): Promise<void>
  }
  /** Ends every fault. */
  recover(): Promise<void>
  close(): Promise<void>
}

type FaultName = keyof MessengerSetting['faults']

const HOSTILE =
  'Café «Zoë» & <b>Co</b> <script>alert(1)</script> *bold* _under_ [a](b) `c` {{name}} \\n %s @all #1 /stop\n' +
  'Кава ☕️ 커피 👩‍👩‍👧‍👦 עברית \u200fمرحبا – "quotes" \'single\' &amp; &lt;'

/**
 * What every messenger promises (bots/messenger.ts). `supports` names the faults that the setting can make, since the cases
 * are listed before it is open.
 */
export const messengerContract = (
  name: string,
  open: () => Promise<MessengerSetting>,
  supports: readonly FaultName[],
) => {
  describe(`messenger: ${name}`, () => {
    let setting: MessengerSetting
    beforeAll(async () => {
      setting = await open()
    })
    afterEach(() => setting.recover())
    afterAll(() => setting.close())

    const untilEnd = new AbortController().signal
    const send = (message: OutgoingMessage, signal = untilEnd) =>
      setting.messenger.send(setting.address, message, signal)
    const edit = (messageId: string, message: OutgoingMessage) =>
      setting.messenger.edit(setting.address, messageId, message, untilEnd)
    const newest = async () => {
      const [last] = (await setting.shown()).slice(-1)
      if (!last) throw new Error('nothing is shown')
      return last
    }
    /** A messenger that has no such fault has no such case. */
    const testWith = (fault: FaultName) => (what: string, run: () => Promise<void>) => {
      if (supports.includes(fault)) test(what, run)
    }

    test('a text arrives as it was written, whatever is in it', async () => {
      expect(await send(message({ text: HOSTILE }))).toEqual(sent)
      expect(await newest()).toMatchObject({ text: HOSTILE, picture: null, buttons: [] })
    })

    test('a picture arrives unchanged, with its words', async () => {
      const picture = somePicture()
      expect(await send(message({ text: HOSTILE, picture }))).toEqual(sent)
      const seen = await newest()
      expect(seen.text).toBe(HOSTILE)
      expect(seen.picture?.equals(await picture.png())).toBe(true)
    })

    test('a pressed button comes back as the action it carries', async () => {
      const action = `voucher:${'й'.repeat(28)}` // 64 bytes
      await send(message({ buttons: [[{ kind: 'action', label: 'Show <it>', action }]] }))
      const incoming = setting.messenger.readUpdate(await setting.press('Show <it>'))
      expect(incoming).toMatchObject({ address: setting.address, isPrivate: true, input: { kind: 'action', action } })
      if (incoming?.acknowledge) await setting.messenger.acknowledge?.(incoming.acknowledge)
    })

    test('what a person writes comes back as text, a command as its action', async () => {
      const read = async (text: string) => setting.messenger.readUpdate(await setting.say(text))
      expect(await read(HOSTILE)).toMatchObject({ address: setting.address, input: { kind: 'text', text: HOSTILE } })
      expect(await read('/card')).toMatchObject({ input: { kind: 'action', action: 'card' } })
      expect(await read('/start')).toMatchObject({ input: { kind: 'start', payload: null } })
    })

    test('buttons keep their rows, what they copy and where they lead', async () => {
      const buttons: readonly (readonly Button[])[] = [
        [{ kind: 'copy', label: 'Copy code', text: 'COFFEE-7 <&>' }],
        [
          { kind: 'url', label: 'Open', url: 'https://cafe.example/c/1?a=b&c=%D0%B9' },
          { kind: 'action', label: 'Cards', action: 'card' },
        ],
      ]
      await send(message({ buttons }))
      expect((await newest()).buttons).toEqual(buttons)
    })

    test('an edit replaces words and buttons in place', async () => {
      const messageId = idOf(await send(message({ text: 'before', buttons: [[BUTTON]] })))
      const countBefore = (await setting.shown()).length
      expect(await edit(messageId, message({ text: 'after' }))).toEqual(sent)
      expect(await setting.shown()).toHaveLength(countBefore)
      expect(await newest()).toMatchObject({ text: 'after', buttons: [] })
    })

    test('an edit replaces a picture, its words and its buttons in place', async () => {
      const messageId = idOf(await send(message({ text: 'active', picture: somePicture(), buttons: [[BUTTON]] })))
      const redeemed = somePicture()
      expect(await edit(messageId, message({ text: 'redeemed', picture: redeemed }))).toEqual(sent)
      const seen = await newest()
      expect(seen).toMatchObject({ text: 'redeemed', buttons: [] })
      expect(seen.picture?.equals(await redeemed.png())).toBe(true)
    })

    test('an edit that changes nothing is done', async () => {
      const same = message({ text: 'as it is' })
      const messageId = idOf(await send(same))
      expect(await edit(messageId, { ...same, id: randomUUID() })).toEqual(sent)
    })

    test('an edit of a message that was never sent is refused', async () => {
      expect(await edit('no-such-message', message({}))).toMatchObject({ status: 'rejected' })
    })

    test('silence is passed on', async () => {
      await send(message({ silent: true }))
      const { silent } = await newest()
      expect([true, null]).toContain(silent)
      await send(message({}))
      expect([false, null]).toContain((await newest()).silent)
    })

    test('somebody whom nobody knows is unreachable', async () => {
      const result = await setting.messenger.send('999000111', message({}), untilEnd)
      expect(result).toMatchObject({ status: 'unreachable' })
    })

    test('nothing leaves once the signal is aborted', async () => {
      const countBefore = (await setting.shown()).length
      for (const each of [message({}), message({ picture: somePicture() })])
        expect(await send(each, AbortSignal.abort())).toMatchObject({ status: 'not_sent' })
      expect(await setting.shown()).toHaveLength(countBefore)
    })

    test('a second send of one message is shown once where the messenger promises it', async () => {
      const twice = message({ text: 'twice?' })
      const countBefore = (await setting.shown()).length
      await send(twice)
      await send(twice)
      expect(await setting.shown()).toHaveLength(countBefore + (setting.messenger.idempotent ? 1 : 2))
    })

    test.each([null, 7, 'text', [], {}, { update_id: 'x' }])('nonsense is refused as an update: %j', (body) => {
      expect(() => setting.messenger.readUpdate(body)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    })

    testWith('block')('who has blocked the bot is unreachable', async () => {
      await setting.faults.block?.()
      expect(await send(message({}))).toMatchObject({ status: 'unreachable' })
      expect(await send(message({ picture: somePicture() }))).toMatchObject({ status: 'unreachable' })
    })

    testWith('dropAnswers')('a message whose answer is lost is unknown', async () => {
      await setting.faults.dropAnswers?.()
      expect(await send(message({}))).toMatchObject({ status: 'unknown' })
      expect(await send(message({ picture: somePicture() }))).toMatchObject({ status: 'unknown' })
    })

    testWith('refuseConnections')('without a connection nothing was sent', async () => {
      await setting.faults.refuseConnections?.()
      expect(await send(message({}))).toMatchObject({ status: 'not_sent' })
      expect(await send(message({ picture: somePicture() }))).toMatchObject({ status: 'not_sent' })
    })

    testWith('stall')('aborting a message that is under way ends it at once, as unknown', async () => {
      await setting.faults.stall?.()
      const abort = new AbortController()
      const sending = send(message({}), abort.signal)
      setTimeout(() => abort.abort(), 100)
      expect(await sending).toMatchObject({ status: 'unknown' })
    })

    testWith('throttle')('being asked to wait pauses the lane and is not a loss', async () => {
      await setting.faults.throttle?.()
      expect(await send(message({}))).toMatchObject({ status: 'not_sent', pauseLaneMs: expect.any(Number) })
    })
  })
}

const sent = { status: 'sent', messageId: expect.stringMatching(/./) }

const BUTTON: Button = { kind: 'action', label: 'My card', action: 'card' }

const message = (fields: Partial<OutgoingMessage>): OutgoingMessage => ({
  id: randomUUID(),
  text: 'Hello',
  ...fields,
})

const idOf = (result: SendResult): string => {
  if (result.status !== 'sent') throw new Error(`not sent: ${result.status}, ${result.reason}`)
  return result.messageId
}

/** A small PNG that no other call has made. */
const somePicture = (): OutgoingPicture => {
  const id = randomUUID()
  const image = new PNG({ width: 8, height: 8, colorType: 2 })
  Buffer.from(id.replaceAll('-', ''), 'hex').copy(image.data)
  const png = PNG.sync.write(image)
  return { id, altText: 'A stamp card', png: async () => png }
}
