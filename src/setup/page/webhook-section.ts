import { copyText } from '../../../bots/web/page/copy.js'
import { el } from '../../../bots/web/page/dom.js'
import type { WebhookState } from '../setup-protocol.js'
import { TEXTS } from '../setup-texts.js'
import { type Section, type SectionHooks, setText } from './section.js'

const WORDS = TEXTS.webhook
const COPIED_MS = 2_000

/** The address for 7stamp, and whether 7stamp can reach it. */
export const webhookSection = ({ say }: SectionHooks): Section => {
  const address = el('input', { class: 'code', id: 'webhook', readonly: true, spellcheck: 'false' })
  const copy = el('button', { type: 'button', class: 'plain' }, WORDS.copy)
  const note = el('p', { class: 'hint' })
  address.addEventListener('focus', () => address.select())
  copy.addEventListener('click', async () => {
    const isCopied = await copyText(address.value)
    say(isCopied ? WORDS.copied : WORDS.notCopied)
    if (!isCopied) return address.focus()
    copy.textContent = WORDS.copied
    setTimeout(() => copy.replaceChildren(WORDS.copy), COPIED_MS)
  })
  return {
    title: WORDS.title,
    body: [
      el('p', {}, WORDS.where),
      el('label', { class: 'label', for: 'webhook' }, WORDS.label),
      el('div', { class: 'copied-line' }, address, copy),
      el('p', { class: 'hint' }, WORDS.secret),
      note,
    ],
    show: ({ webhook }) => {
      if (address.value !== webhook.url) address.value = webhook.url
      setText(note, noteOn(webhook))
      return isHttps(webhook) ? 'done' : 'todo'
    },
  }
}

const isHttps = ({ publicUrl }: WebhookState): boolean => publicUrl?.startsWith('https:') ?? false

const noteOn = (webhook: WebhookState): string => {
  const { publicUrl } = webhook
  if (publicUrl === null) return WORDS.unset
  return isHttps(webhook) ? WORDS.https(publicUrl) : WORDS.local(publicUrl)
}
