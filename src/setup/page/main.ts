import { openChecklist } from './checklist.js'
import { openSetupLink } from './opening.js'

/** What the address carries is used once and taken out of it. */
const takeSetupToken = (): string | null => {
  const address = new URL(location.href)
  const token = address.searchParams.get('setup')
  if (token === null) return null
  address.searchParams.delete('setup')
  history.replaceState(null, '', address)
  return token
}

const token = takeSetupToken()
if (document.getElementById('checklist')) openChecklist()
else if (token !== null) void openSetupLink(token)
