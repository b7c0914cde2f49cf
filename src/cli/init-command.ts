import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.js'
import { readGoals } from '../loyalty/own/goals-in-words.js'
import type { CardTemplateRow } from '../loyalty/own/own-tables.js'
import type { Foundation } from '../main/foundation.js'
import { type Cafe, openCafe } from '../main/open-cafe.js'
import { posterOf, telegramNameOf } from '../main/poster.js'
import { chatAddress } from './chat-address.js'
import { type Command, type CommandContext, type Printed, UsageError } from './command.js'
import { withOptions } from './options.js'
import { type Asker, openAsker } from './questions.js'

const INIT =
  'init [--name <business>] [--language <en>] [--card <title>] [--goals "8: Free coffee"] [--location <name>] ' +
  '[--owner <name>] [--login <login>] [--out <folder>]'
const POSTER = 'poster [--out <folder>]'
const NAMES = ['name', 'language', 'card', 'goals', 'location', 'owner', 'login', 'out'] as const

type Options = { readonly [Name in (typeof NAMES)[number]]?: string }

export const INIT_COMMANDS: Readonly<Record<string, Command>> = {
  init: {
    usage: INIT,
    about:
      'open a café: five questions make the card, its vouchers, the location, the owner with an API key, and the poster',
    run: async (context, args) => {
      const { options } = withOptions(args, INIT, { names: NAMES })
      const { foundation, firstBusinessId } = context
      const folder = await writableFolder(options.out)
      const asker = openAsker(INIT)
      try {
        const cafe = await askCafe(foundation, firstBusinessId, asker, options)
        const { template, location, owner, key } = await openCafe(foundation, firstBusinessId, cafe)
        const posters = await drawPosters(context, folder, template, location.id)
        const [poster = { location: location.name, note: posters.empty }] = posters.rows
        return { ...posters, rows: [{ owner: owner.login, key, card: template.id, ...poster }] }
      } catch (error) {
        if (!(error instanceof AppError) || (error.code !== 'conflict' && error.code !== 'invalid_input')) throw error
        return { rows: [], failed: true, empty: error.message }
      } finally {
        asker.close()
      }
    },
  },
  poster: {
    usage: POSTER,
    about: 'draw the counter’s poster of each location, as PDF for A4: anew after PUBLIC_URL or the bot has changed',
    run: async (context, args) => {
      const { options } = withOptions(args, POSTER, { names: ['out'] })
      const { db, own } = context.foundation
      const [template] = await db.read(own.cardTemplatesOf({ businessId: context.firstBusinessId }))
      return drawPosters(context, await writableFolder(options.out), template ?? null, null)
    },
  },
}

const askCafe = async (
  { db, businesses, wording }: Foundation,
  businessId: string,
  { ask }: Asker,
  given: Options,
): Promise<Cafe> => {
  const [business] = await db.read(businesses.byId({ id: businessId }))
  const tags = [...wording.languages].join(', ')
  const name = await ask(
    { option: 'name', text: '1. What is the business called?', usual: business?.name ?? null, ...TEXT },
    given.name,
  )
  const language = await ask(
    {
      option: 'language',
      text: `2. Which language do its guests speak? (${tags})`,
      usual: business?.language ?? 'en',
      read: (text) => (wording.languages.has(text.trim().toLowerCase()) ? text.trim().toLowerCase() : null),
      hint: `One of ${tags}.`,
    },
    given.language,
  )
  const cardTitle = await ask(
    { option: 'card', text: '3. What is the stamp card called?', usual: name, ...TEXT },
    given.card,
  )
  const goals = await ask(
    {
      option: 'goals',
      text: '   And after how many stamps does it give what?',
      usual: '8: Free coffee',
      read: readGoals,
      hint: 'Such as "8: Free coffee", or "3: Cookie, 8: Coffee".',
    },
    given.goals,
  )
  const location = await ask(
    { option: 'location', text: '4. Where is it? (a name for the place)', usual: name, ...TEXT },
    given.location,
  )
  const owner = await ask({ option: 'owner', text: '5. What is the owner’s name?', usual: null, ...TEXT }, given.owner)
  const login = await ask({ option: 'login', text: '   And their login or email?', usual: null, ...LOGIN }, given.login)
  return { name, language, cardTitle, goals, location, owner: { name: owner, login } }
}

const TEXT = {
  read: (text: string): string | null => (text.trim() !== '' && text.trim().length <= 120 ? text.trim() : null),
  hint: 'Between 1 and 120 characters.',
}
const LOGIN = {
  read: (text: string): string | null =>
    /^[\p{L}\p{N}][\p{L}\p{N}._\-+@]{1,63}$/u.test(text.trim()) ? text.trim() : null,
  hint: 'Letters, digits or . _ - + @, such as nina@cafe.example.',
}

/** Looked at first: an owner's key that nobody was shown would be lost with the poster that could not be written. */
const writableFolder = async (folder = '.'): Promise<string> => {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    return folder
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new UsageError(`Nothing can be written into ${folder}: choose another folder with --out.`)
  }
}

/** Of one location, or of all where `only` is null. */
const drawPosters = async (
  { foundation, firstBusinessId: businessId }: CommandContext,
  folder: string,
  template: CardTemplateRow | null,
  only: string | null,
): Promise<Printed> => {
  const { db, businesses, config } = foundation
  const known = await db.read(businesses.locationsOf({ businessId }))
  const locations = known.length > 0 ? known : [{ id: 'counter', name: null }]
  const telegramName = await telegramNameOf(foundation, businessId)
  const rows = []
  for (const location of locations.filter(({ id }) => only === null || id === only)) {
    const poster = await posterOf(foundation, {
      businessId,
      location,
      isOneOfMany: locations.length > 1,
      template,
      telegramName,
      webAddress: (payload) => chatAddress(foundation, payload),
    })
    if (poster === null)
      return { rows: [], failed: true, empty: 'The address is too long for a code: set a shorter PUBLIC_URL.' }
    const file = join(folder, `poster-${location.id}.pdf`)
    await writeFile(file, poster)
    const isLocal = config.http.publicUrl === null
    rows.push({
      location: location.name,
      poster: file,
      telegram: telegramName,
      note: isLocal
        ? 'the web code works on this machine alone: set PUBLIC_URL, then draw it anew with "poster"'
        : null,
    })
  }
  return { rows, empty: '' }
}
