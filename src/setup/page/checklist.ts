import { createPause } from '../../../bots/web/page/backoff.js'
import { part } from '../../../bots/web/page/dom.js'
import type { SetupState } from '../setup-protocol.js'
import { TEXTS } from '../setup-texts.js'
import { api } from './api.js'
import { eventsSection } from './events-section.js'
import { messengersSection } from './messengers-section.js'
import { createItem, type SectionHooks, setText } from './section.js'
import { staffSection } from './staff-section.js'
import { testSection } from './test-section.js'
import { webhookSection } from './webhook-section.js'

const LOOK_EVERY_MS = 3_000

/** The page for whoever is signed in: shows what is set up, and looks again every 3 s while it can be seen. */
export const openChecklist = (): void => {
  const said = part('said', HTMLElement)
  const progress = part('progress', HTMLElement)
  const pause = createPause()
  const hooks: SectionHooks = {
    say: (text) => {
      said.textContent = text
    },
    refresh: () => pause.cut(),
    // The same address now welcomes a stranger.
    leave: () => location.reload(),
  }
  const test = testSection(hooks)
  const sections = [messengersSection(), webhookSection(hooks), eventsSection(), staffSection(hooks), test]
  const items = sections.map(createItem)

  const show = (state: SetupState) => {
    const shown = items.map((each) => each.show(state))
    setText(progress, TEXTS.progress(shown.filter((each) => each === 'done').length, shown.length))
    const list = part('checklist', HTMLElement)
    if (list.childElementCount === 0) list.append(...items.map(({ item }) => item))
  }
  const follow = async () => {
    for (;;) {
      const state = await api.state(test.testId())
      if (state.kind === 'gone') return hooks.leave()
      if (state.kind === 'done') show(state.value)
      else setText(progress, TEXTS.notReached)
      await pause.wait(document.hidden ? null : LOOK_EVERY_MS)
    }
  }

  document.addEventListener('visibilitychange', () => pause.cut())
  part('sign-out', HTMLButtonElement).addEventListener('click', async () => {
    const signedOut = await api.signOut()
    if (signedOut.kind === 'unreached') setText(progress, TEXTS.notReached)
    else hooks.leave()
  })
  void follow()
}
