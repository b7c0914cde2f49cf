import { z } from 'zod'
import * as value from './values.js'

/** Accounts elsewhere. Each is off until its variables are set; one that is set by half is an error, not off. */
export const connectionSections = () => ({
  sevenstamp,
  sevenstampApi,
  telegram,
  web,
  viber,
  whatsapp,
  sevenloc,
  email,
  push,
})

type Variables = Readonly<Record<string, string>>

/** Decides which mode a section is in before its union looks at the variables. `variable` is the union's discriminator. */
const inMode = <Modes extends z.ZodType>(variable: string, modeOf: (v: Variables) => string, modes: Modes) =>
  z.preprocess((input) => {
    const variables = z.record(z.string(), z.string()).parse(input)
    return { ...variables, [variable]: modeOf(variables) }
  }, modes)

/** For sections without a mode of their own: on as soon as one of `names` is set. */
const onWith =
  (...names: readonly string[]) =>
  (v: Variables) =>
    names.some((name) => v[name]) ? 'on' : 'off'

const off = z.object({ mode: z.literal('off') })

/** A variable that its section cannot do without. `reason` says what needs it and where it comes from. */
const needed = <Value>(schema: z.ZodType<Value, string>, reason: string) =>
  z.string({ error: `is missing: ${reason}` }).pipe(schema)

/** The first business's address for 7stamp's webhooks, and where customers get a card. */
const sevenstamp = z
  .object({ SEVENSTAMP_WEBHOOK_TOKEN: value.addressToken.optional(), SEVENSTAMP_CARD_LINK: value.webLink.optional() })
  .transform((v) => ({ webhookToken: v.SEVENSTAMP_WEBHOOK_TOKEN ?? null, cardLink: v.SEVENSTAMP_CARD_LINK ?? null }))

/** 7stamp's own API is not published: off unless somebody names its root. */
const sevenstampApi = inMode(
  'mode',
  onWith('SEVENSTAMP_API_ROOT', 'SEVENSTAMP_API_KEY'),
  z.discriminatedUnion('mode', [
    off,
    z
      .object({
        mode: z.literal('on'),
        SEVENSTAMP_API_ROOT: needed(value.webAddress, 'SEVENSTAMP_API_KEY is set; 7stamp tells the address'),
        SEVENSTAMP_API_KEY: needed(z.string(), 'SEVENSTAMP_API_ROOT is set; 7stamp shows the key under API keys'),
      })
      .transform((v) => ({ mode: v.mode, apiRoot: v.SEVENSTAMP_API_ROOT, apiKey: v.SEVENSTAMP_API_KEY })),
  ]),
)

const TELEGRAM_API_ROOT = 'https://api.telegram.org'

const TelegramBot = z.object({
  TELEGRAM_BOT_TOKEN: needed(value.telegramToken, 'TELEGRAM_MODE is set; @BotFather gives the token'),
  TELEGRAM_API_ROOT: value.webAddress.default(TELEGRAM_API_ROOT),
  TELEGRAM_MESSAGES_PER_SEC: value.wholeNumber(1, 100_000).default(25),
})

const telegramBot = (v: z.output<typeof TelegramBot>) => ({
  token: v.TELEGRAM_BOT_TOKEN,
  apiRoot: v.TELEGRAM_API_ROOT,
  /** For event messages and broadcasts together. */
  messagesPerSec: v.TELEGRAM_MESSAGES_PER_SEC,
})

const telegram = inMode(
  'TELEGRAM_MODE',
  (v) => v.TELEGRAM_MODE ?? (v.TELEGRAM_BOT_TOKEN ? 'polling' : 'off'),
  z.discriminatedUnion(
    'TELEGRAM_MODE',
    [
      z.object({ TELEGRAM_MODE: z.literal('off') }).transform((v) => ({ mode: v.TELEGRAM_MODE })),
      TelegramBot.extend({ TELEGRAM_MODE: z.literal('polling') }).transform((v) => ({
        mode: v.TELEGRAM_MODE,
        ...telegramBot(v),
      })),
      TelegramBot.extend({
        TELEGRAM_MODE: z.literal('webhook'),
        PUBLIC_URL: needed(value.publicAddress, 'with TELEGRAM_MODE=webhook Telegram calls this address'),
      })
        .refine((v) => v.PUBLIC_URL.startsWith('https:') || v.TELEGRAM_API_ROOT !== TELEGRAM_API_ROOT, {
          path: ['PUBLIC_URL'],
          message: 'must be an https address: with TELEGRAM_MODE=webhook Telegram calls it from outside',
        })
        .transform((v) => ({ mode: v.TELEGRAM_MODE, ...telegramBot(v), publicUrl: v.PUBLIC_URL })),
    ],
    { error: 'must be one of polling, webhook, off' },
  ),
)

/** The web chat is there in any case; these sites may show it on their pages. */
const web = inMode(
  'mode',
  onWith('WEB_ALLOWED_ORIGINS'),
  z.discriminatedUnion('mode', [
    off,
    z
      .object({ mode: z.literal('on'), WEB_ALLOWED_ORIGINS: value.origins })
      .transform((v) => ({ mode: v.mode, allowedOrigins: v.WEB_ALLOWED_ORIGINS })),
  ]),
)

const viber = inMode(
  'mode',
  onWith('VIBER_AUTH_TOKEN'),
  z.discriminatedUnion('mode', [
    off,
    z
      .object({
        mode: z.literal('on'),
        VIBER_AUTH_TOKEN: z.string(),
        VIBER_API_ROOT: value.webAddress.default('https://chatapi.viber.com/pa'),
      })
      .transform((v) => ({ mode: v.mode, authToken: v.VIBER_AUTH_TOKEN, apiRoot: v.VIBER_API_ROOT })),
  ]),
)

const ON_CLOUD = 'WhatsApp runs on the Cloud API, and'

const whatsapp = inMode(
  'WHATSAPP_MODE',
  (v) => v.WHATSAPP_MODE ?? (v.WHATSAPP_CLOUD_TOKEN ? 'cloud' : 'off'),
  z.discriminatedUnion(
    'WHATSAPP_MODE',
    [
      z.object({ WHATSAPP_MODE: z.literal('off') }).transform((v) => ({ mode: v.WHATSAPP_MODE })),
      z
        .object({
          WHATSAPP_MODE: z.literal('cloud'),
          WHATSAPP_CLOUD_TOKEN: needed(z.string(), `${ON_CLOUD} Meta’s dashboard shows it under API Setup`),
          WHATSAPP_CLOUD_PHONE_NUMBER_ID: needed(z.string(), `${ON_CLOUD} Meta’s dashboard shows it under API Setup`),
          WHATSAPP_CLOUD_APP_SECRET: needed(z.string(), `${ON_CLOUD} Meta’s dashboard shows it under App settings`),
          WHATSAPP_CLOUD_VERIFY_TOKEN: needed(z.string(), `${ON_CLOUD} you choose this word and tell it to Meta`),
          WHATSAPP_CLOUD_API_ROOT: value.webAddress.default('https://graph.facebook.com/v23.0'),
        })
        .transform((v) => ({
          mode: v.WHATSAPP_MODE,
          token: v.WHATSAPP_CLOUD_TOKEN,
          phoneNumberId: v.WHATSAPP_CLOUD_PHONE_NUMBER_ID,
          appSecret: v.WHATSAPP_CLOUD_APP_SECRET,
          verifyToken: v.WHATSAPP_CLOUD_VERIFY_TOKEN,
          apiRoot: v.WHATSAPP_CLOUD_API_ROOT,
        })),
      z
        .object({ WHATSAPP_MODE: z.literal('web'), CHROMIUM_PATH: z.string().optional() })
        .transform((v) => ({ mode: v.WHATSAPP_MODE, chromiumPath: v.CHROMIUM_PATH ?? null })),
    ],
    { error: 'must be one of cloud, web, off' },
  ),
)

const sevenloc = inMode(
  'mode',
  onWith('SEVENLOC_API_ROOT', 'SEVENLOC_API_KEY'),
  z.discriminatedUnion('mode', [
    off,
    z
      .object({
        mode: z.literal('on'),
        SEVENLOC_API_ROOT: needed(value.webAddress, 'SEVENLOC_API_KEY is set; 7loc tells the address'),
        SEVENLOC_API_KEY: needed(z.string(), 'SEVENLOC_API_ROOT is set; 7loc gives the key'),
      })
      .transform((v) => ({ mode: v.mode, apiRoot: v.SEVENLOC_API_ROOT, apiKey: v.SEVENLOC_API_KEY })),
  ]),
)

const email = inMode(
  'mode',
  onWith('SMTP_URL', 'MAIL_FROM'),
  z.discriminatedUnion('mode', [
    off,
    z
      .object({
        mode: z.literal('on'),
        SMTP_URL: needed(value.smtpAddress, 'MAIL_FROM is set; the mail provider tells the server'),
        MAIL_FROM: needed(value.mailSender, 'SMTP_URL is set; mail needs a sender'),
      })
      .transform((v) => ({ mode: v.mode, smtpUrl: v.SMTP_URL, from: v.MAIL_FROM })),
  ]),
)

const push = inMode(
  'mode',
  onWith('VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY'),
  z.discriminatedUnion('mode', [
    off,
    z
      .object({
        mode: z.literal('on'),
        VAPID_PUBLIC_KEY: needed(value.vapidKey(65), 'VAPID_PRIVATE_KEY is set; the two are made as a pair'),
        VAPID_PRIVATE_KEY: needed(value.vapidKey(32), 'VAPID_PUBLIC_KEY is set; the two are made as a pair'),
      })
      .transform((v) => ({ mode: v.mode, publicKey: v.VAPID_PUBLIC_KEY, privateKey: v.VAPID_PRIVATE_KEY })),
  ]),
)
