import { beforeAll, expect, test } from 'vitest'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LOCALES } from '../notify/locale-texts.js'
import { expectApproved } from './approve.js'
import { playInWebChat, playOnTelegram } from './play.js'
import { isTelegramOnly, type Scenario } from './scenario.js'
import { picturesOf, type Telling, tell } from './transcript.js'

const BUSINESS = 'Corner Coffee'
/** Many are played at once, and the machine may have other work. */
const WITHIN_MS = 120_000

/** A test for each scenario and language: what Telegram shows is approved, and a web chat shows the same facts. */
export const testTranscripts = (scenarios: readonly Scenario[]): void => {
  let wording: Wording
  beforeAll(async () => {
    wording = await createWording(LOCALES)
  })
  const cases = scenarios.flatMap((scenario) => scenario.languages.map((language) => ({ scenario, language })))
  test.concurrent.for(cases.map((each) => ({ ...each, name: fileNameOf(each) })))(
    '$name',
    { timeout: WITHIN_MS },
    async ({ scenario, language, name }) => {
      const [onTelegram, inWebChat] = await Promise.all([
        playOnTelegram(scenario, language),
        isTelegramOnly(scenario) ? null : playInWebChat(scenario, language),
      ])
      const asSeen: Telling = { wording, businessName: BUSINESS, form: 'as seen' }
      expectApproved(name, await tell(scenario, language, onTelegram, asSeen))
      if (inWebChat === null) return
      const anywhere: Telling = { ...asSeen, form: 'on any messenger' }
      expect(await tell(scenario, language, inWebChat, anywhere), 'the web chat says something else').toBe(
        await tell(scenario, language, onTelegram, anywhere),
      )
      expect(picturesOf(inWebChat), 'the web chat shows other pictures').toEqual(picturesOf(onTelegram))
    },
  )
}

const fileNameOf = ({ scenario, language }: { scenario: Scenario; language: string }): string =>
  `${scenario.name}.${language}.txt`
