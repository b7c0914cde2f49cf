import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.js'
import {
  createWebhookSecret,
  signWebhook,
  type Verification,
  verifyWebhook,
  type WebhookHeaders,
  webhookKey,
} from '../../src/http/standard-webhooks.js'

/** The vector of the specification's reference libraries. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  atSec: 1_614_265_330,
  body: Buffer.from('{"test": 2432232314}'),
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const { secret, id, atSec, body } = VECTOR
const signed = signWebhook([secret], id, atSec, body)
const ok: Verification = { ok: true }
const refused = (reason: string) => ({ ok: false, reason })

const verify = (
  change: Partial<Record<keyof WebhookHeaders, string | undefined>> = {},
  nowMs = atSec * 1_000,
  bytes = body,
  secrets: readonly string[] = [secret],
) => verifyWebhook(secrets, { ...signed, ...change }, bytes, nowMs)

describe('the published vector', () => {
  test('is what we sign, and what we verify', () => {
    expect(signed).toEqual({
      'webhook-id': id,
      'webhook-timestamp': String(atSec),
      'webhook-signature': VECTOR.signature,
    })
    expect(verify()).toEqual(ok)
  })
})

describe('the reference library and we agree', () => {
  const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((key) => Buffer.from(key))
  const secrets = bytes.map((key) => `whsec_${key.toString('base64')}`)
  const ids = fc.stringMatching(/^[\w-]{1,40}$/)
  const texts = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text).toString())

  test('it verifies what we sign, and we verify what it signs', () => {
    const now = Math.floor(Date.now() / 1_000)
    fc.assert(
      fc.property(secrets, ids, texts, fc.integer({ min: -250, max: 250 }), (key, messageId, text, skewSec) => {
        const library = new Webhook(key)
        const at = now + skewSec
        const ours = signWebhook([key], messageId, at, Buffer.from(text))
        expect(() => library.verify(text, { ...ours }, { jsonParse: false })).not.toThrow()
        const theirs = { ...ours, 'webhook-signature': library.sign(messageId, new Date(at * 1_000), text) }
        expect(theirs).toEqual(ours)
        expect(verifyWebhook([key], theirs, Buffer.from(text), now * 1_000)).toEqual(ok)
      }),
      { numRuns: 2_000 },
    )
  })

  test('any single change to what was signed is refused', () => {
    const change = fc.record({
      part: fc.constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature' as const),
      at: fc.nat(),
      flip: fc.integer({ min: 1, max: 255 }),
    })
    fc.assert(
      fc.property(secrets, ids, texts, change, (key, messageId, text, { part, at, flip }) => {
        const original = signWebhook([key], messageId, atSec, Buffer.from(text))
        const source =
          part === 'body' ? Buffer.from(text) : Buffer.from(original[part as keyof WebhookHeaders], 'latin1')
        const mutated = mutate(source, at, flip)
        const headers = part === 'body' ? original : { ...original, [part]: mutated.toString('latin1') }
        const sent = part === 'body' ? mutated : Buffer.from(text)
        expect(verifyWebhook([key], headers, sent, atSec * 1_000).ok).toBe(false)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('receivers that use a library', () => {
  const now = Math.floor(Date.now() / 1_000)
  const sentNow = signWebhook([secret], 'evt_1', now, body)
  const libraries = [new Webhook(secret), new SvixWebhook(secret)]

  test('verify what we send, with either secret of a rotation', () => {
    const both = signWebhook([createWebhookSecret(), secret], 'evt_1', now, body)
    for (const library of libraries)
      for (const headers of [sentNow, both])
        expect(library.verify(body.toString(), { ...headers })).toEqual(JSON.parse(body.toString()))
  })

  test('refuse 512 mutations of it, as we do', () => {
    let refusals = 0
    for (let n = 0; n < 512; n++) {
      const part = (['body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'] as const)[n % 4] ?? 'body'
      // Another digit or letter each time, so that every mutation is a text that a header can be.
      const mutated = mutate(Buffer.from(part === 'body' ? body : sentNow[part]), n >> 2, 1)
      const headers = part === 'body' ? sentNow : { ...sentNow, [part]: mutated.toString() }
      const sent = part === 'body' ? mutated : body
      for (const library of libraries)
        expect(() => library.verify(sent.toString(), { ...headers }), `${part} ${mutated}`).toThrow()
      expect(verifyWebhook([secret], headers, sent, now * 1_000).ok).toBe(false)
      refusals++
    }
    expect(refusals).toBe(512)
  })
})

/** Changes one byte, or adds one to nothing. */
const mutate = (source: Buffer, at: number, flip: number): Buffer => {
  if (source.length === 0) return Buffer.of(flip)
  const mutated = Buffer.from(source)
  const index = at % source.length
  mutated[index] = (mutated[index] ?? 0) ^ flip
  return mutated
}

describe('time', () => {
  test('five minutes either way, not a second more', () => {
    expect(verify({}, (atSec + 300) * 1_000 + 999)).toEqual(ok)
    expect(verify({}, (atSec + 301) * 1_000)).toEqual(refused('too_old'))
    expect(verify({}, (atSec - 300) * 1_000)).toEqual(ok)
    expect(verify({}, (atSec - 301) * 1_000)).toEqual(refused('too_new'))
  })

  test.each([
    '1614265330abc',
    ' 1614265330',
    '1614265330.0',
    '-1614265330',
    '01614265330',
    '1e9',
    '9'.repeat(400),
    '∞',
  ])('the timestamp %j is no whole number', (timestamp) => {
    // Signed by someone who has the key: the form alone is refused.
    const mac = createHmac('sha256', webhookKey(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')
    const headers = { 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` }
    expect(verify(headers)).toEqual(refused('malformed'))
  })
})

describe('headers', () => {
  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('%s is required', (name) => {
    expect(verify({ [name]: undefined })).toEqual(refused('missing'))
    expect(verify({ [name]: '' })).toEqual(refused('missing'))
  })

  test('an id with a dot could move the border between what is signed', () => {
    expect(verify({ 'webhook-id': `${id}.1` })).toEqual(refused('malformed'))
    expect(() => signWebhook([secret], 'a.b', atSec, body)).toThrow()
    expect(verify({ 'webhook-id': 'x'.repeat(257) })).toEqual(refused('malformed'))
  })

  test('signatures of versions we do not know are passed over', () => {
    expect(verify({ 'webhook-signature': `v1a,abc v2,${'x'.repeat(44)} nonsense ${VECTOR.signature}` })).toEqual(ok)
    expect(verify({ 'webhook-signature': VECTOR.signature.replace('v1,', 'v1a,') })).toEqual(refused('no_match'))
    expect(verify({ 'webhook-signature': VECTOR.signature.slice(0, -1) })).toEqual(refused('no_match'))
  })

  test('no more than ten signatures are looked at', () => {
    const others = Array(10).fill('v1,AAAA').join(' ')
    expect(verify({ 'webhook-signature': `${others} ${VECTOR.signature}` })).toEqual(refused('no_match'))
    expect(verify({ 'webhook-signature': 'v1,'.repeat(300_000) })).toEqual(refused('no_match'))
  })
})

describe('the body is verified as bytes', () => {
  test('two bodies that differ in one byte that is not UTF-8 differ', () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22])
    const headers = signWebhook([secret], id, atSec, bytes)
    expect(verifyWebhook([secret], headers, bytes, atSec * 1_000)).toEqual(ok)
    expect(verifyWebhook([secret], headers, Buffer.from([0x22, 0xfe, 0x22]), atSec * 1_000)).toEqual(
      refused('no_match'),
    )
  })

  test('an empty body has a signature too', () => {
    const headers = signWebhook([secret], id, atSec, Buffer.alloc(0))
    expect(verifyWebhook([secret], headers, Buffer.alloc(0), atSec * 1_000)).toEqual(ok)
    expect(verifyWebhook([secret], headers, Buffer.from('{}'), atSec * 1_000)).toEqual(refused('no_match'))
  })
})

describe('secrets', () => {
  test('during a rotation old and new sign, and either verifies', () => {
    const next = createWebhookSecret()
    const both = signWebhook([secret, next], id, atSec, body)
    expect(both['webhook-signature'].split(' ')).toHaveLength(2)
    for (const known of [[secret], [next], [next, secret]])
      expect(verifyWebhook(known, both, body, atSec * 1_000)).toEqual(ok)
    expect(verify({}, atSec * 1_000, body, [next, secret])).toEqual(ok)
    expect(verify({}, atSec * 1_000, body, [next])).toEqual(refused('no_match'))
    expect(verify({}, atSec * 1_000, body, [])).toEqual(refused('no_match'))
  })

  test('a new one has 32 random bytes and is accepted by the reference library', () => {
    const fresh = createWebhookSecret()
    expect(fresh).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(fresh).not.toBe(createWebhookSecret())
    expect(webhookKey(fresh)).toHaveLength(32)
    expect(() => new Webhook(fresh)).not.toThrow()
  })

  test('the prefix may be missing, and so may the padding', () => {
    const key = webhookKey(secret)
    expect(webhookKey(secret.slice('whsec_'.length))).toEqual(key)
    const padded = `whsec_${Buffer.alloc(25, 7).toString('base64')}`
    expect(webhookKey(padded.replaceAll('=', ''))).toEqual(webhookKey(padded))
  })

  test.each([
    '',
    'whsec_',
    'whsec_====',
    'whsec_abc',
    'whsec_ß',
    `whsec_${'A'.repeat(20)}`,
    `whsec_${'A'.repeat(200)}`,
  ])('%j is none', (wrong) => {
    expect(() => webhookKey(wrong)).toThrow(AppError)
    expect(() => verify({}, atSec * 1_000, body, [wrong])).toThrow(AppError)
  })
})
