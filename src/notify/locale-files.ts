import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError, describeError } from '../errors.js'

/** The words of one language: `chat.json` of its folder. */
export interface Locale {
  /** BCP 47 primary tag: the folder's name. */
  readonly tag: string
  readonly texts: z.infer<typeof LocaleFile>
}

type Texts = string | readonly string[] | { readonly [key: string]: Texts }

const Texts: z.ZodType<Texts> = z.lazy(() => z.union([z.string(), z.array(z.string()), z.record(z.string(), Texts)]))

const LocaleFile = z
  .object({
    language: z.object({ name: z.string().min(1) }).catchall(Texts),
    words: z.object({
      stop: z.array(z.string()),
      start: z.array(z.string()),
      greeting: z.array(z.string()).default([]),
    }),
  })
  .catchall(Texts)

/**
 * Reads every folder of `localesDir`, in alphabetical order of tags. Throws AppError('misconfigured') that names the file
 * and what is wrong with it.
 */
export const readLocales = async (localesDir: string): Promise<readonly Locale[]> => {
  const entries = await readdir(localesDir, { withFileTypes: true })
  const tags = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(tags.sort().map((tag) => readLocale(localesDir, tag)))
}

const readLocale = async (localesDir: string, tag: string): Promise<Locale> => {
  if (!/^[a-z]{2,3}$/.test(tag))
    throw new AppError('misconfigured', `locales/${tag}: name the folder by a primary language tag such as "nl"`)
  try {
    return { tag, texts: LocaleFile.parse(JSON.parse(await readFile(join(localesDir, tag, 'chat.json'), 'utf8'))) }
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : describeError(error)
    throw new AppError('misconfigured', `locales/${tag}/chat.json: ${problem}`, { cause: error })
  }
}
