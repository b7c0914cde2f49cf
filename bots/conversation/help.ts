import type { ContentButton, Phrase } from '../../src/notify/content.js'
import { type Answer, reply } from './answer.js'
import type { BusinessFacts, Facts } from './facts.js'

export const help = ({ business }: Facts): Answer =>
  reply([
    {
      phrases: [
        { key: 'help.what', params: { business: business.name } },
        { key: 'help.how' },
        { key: 'help.stop' },
        whomToAsk(business),
      ],
      menu: true,
    },
  ])

/** Where a person answers. */
export const whomToAsk = ({ name, contact }: BusinessFacts): Phrase =>
  contact === null ? { key: 'help.askStaff', params: { business: name } } : { key: 'help.contact', params: { contact } }

export const menu = (facts: Facts): Answer =>
  reply([{ phrases: [{ key: 'menu.title', params: { business: facts.business.name } }], menu: true }])

/** What is kept and what one can do about it. A customer changes consent and link right here. */
export const privacy = ({ business, who }: Facts): Answer => {
  const buttons: readonly (readonly ContentButton[])[] = [
    business.privacyUrl === null ? [] : [{ kind: 'url', label: 'buttons.privacyPolicy', url: business.privacyUrl }],
    who.role === 'customer' ? [{ kind: 'action', label: 'buttons.news', action: 'consent' }] : [],
    who.role === 'customer' ? [{ kind: 'action', label: 'buttons.unlink', action: 'unlink' }] : [],
    who.role === 'customer' ? [{ kind: 'action', label: 'buttons.deleteData', action: 'deletedata' }] : [],
  ]
  const rows = buttons.filter((row) => row.length > 0)
  return reply([
    {
      phrases: [
        { key: 'privacy.what', params: { business: business.name } },
        { key: 'privacy.rights' },
        whomToAsk(business),
      ],
      ...(rows.length > 0 ? { buttons: rows } : { menu: true }),
    },
  ])
}
