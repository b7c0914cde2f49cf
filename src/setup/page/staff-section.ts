import { el } from '../../../bots/web/page/dom.js'
import type { LinkWithCode, StaffLinks } from '../setup-protocol.js'
import { TEXTS } from '../setup-texts.js'
import { api } from './api.js'
import { type Section, type SectionHooks, setText, timeText } from './section.js'

const WORDS = TEXTS.staff

/** One-time links that turn a chat into the owner's, made when they are asked for. */
export const staffSection = ({ say, leave }: SectionHooks): Section => {
  const count = el('p', {})
  const make = el('button', { type: 'button', class: 'primary' }, WORDS.make)
  const problem = el('p', { class: 'bad', hidden: true })
  const made = el('div', { class: 'links' })
  make.addEventListener('click', async () => {
    make.disabled = true
    const links = await api.staffLinks()
    make.disabled = false
    if (links.kind === 'gone') return leave()
    problem.hidden = links.kind === 'done'
    if (links.kind === 'done') {
      made.replaceChildren(...linksShown(links.value))
      make.textContent = WORDS.another
      say(WORDS.made(timeText(links.value.expiresAt)))
    } else {
      problem.textContent = links.kind === 'refused' ? links.why : TEXTS.notReached
      say(problem.textContent)
    }
  })
  return {
    title: WORDS.title,
    body: [el('p', {}, WORDS.why), count, el('p', {}, make), problem, made],
    show: ({ staffChats }) => {
      setText(count, staffChats === 0 ? WORDS.none : WORDS.count(staffChats))
      return staffChats === 0 ? 'todo' : 'done'
    },
  }
}

const linksShown = ({ expiresAt, telegram, web }: StaffLinks): HTMLElement[] => [
  ...(telegram ? [linkShown(telegram, WORDS.onTelegram, WORDS.scanTelegram)] : []),
  linkShown(web, WORDS.onWeb, WORDS.scanWeb),
  ...(web.qr === null ? [el('p', { class: 'hint' }, WORDS.thisMachineOnly)] : []),
  el('p', { class: 'hint' }, WORDS.made(timeText(expiresAt))),
]

const linkShown = ({ url, qr }: LinkWithCode, label: string, scan: string): HTMLElement =>
  el(
    'figure',
    { class: 'link' },
    ...(qr === null ? [] : [el('img', { class: 'qr', src: svgAddress(qr), alt: scan, width: 176, height: 176 })]),
    el(
      'figcaption',
      {},
      el('a', { class: 'plain', href: url, target: '_blank', rel: 'noopener' }, label),
      ...(qr === null ? [] : [el('span', { class: 'hint', 'aria-hidden': 'true' }, scan)]),
    ),
  )

const svgAddress = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`
