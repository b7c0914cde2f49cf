import type { PlannedTest, SetupState, StaffLinks } from '../setup-protocol.js'

/** Where the page is, seen from this script at `setup/assets/`: right under any path that a proxy serves it at. */
const BASE = new URL('../../', import.meta.url)
const TIMEOUT_MS = 10_000

/** `gone`: this browser is not signed in. `refused`: the server says why in words for the reader. */
export type Asked<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unreached' }

const ask = async <Value>(path: string, body: object | null, read: (response: Response) => Promise<Value>) => {
  try {
    const response = await fetch(new URL(path, BASE), {
      ...(body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: timeout(TIMEOUT_MS),
    })
    return response.ok ? { kind: 'done' as const, value: await read(response) } : await refusal(response)
  } catch {
    return { kind: 'unreached' as const }
  }
}

const refusal = async (response: Response) => {
  if (response.status === 401) return { kind: 'gone' as const }
  if (response.status >= 500) return { kind: 'unreached' as const }
  const problem = await response.json()
  return { kind: 'refused' as const, why: String(problem.detail) }
}

const timeout = (ms: number): AbortSignal => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), ms)
  return controller.signal
}

const nothing = async () => null

export const api = {
  open: (token: string): Promise<Asked<null>> => ask('setup/sessions', { token }, nothing),
  signOut: (): Promise<Asked<null>> => ask('setup/sign-out', {}, nothing),
  state: (testId: string | null): Promise<Asked<SetupState>> =>
    ask(`setup/state${testId === null ? '' : `?test=${testId}`}`, null, (response) => response.json()),
  staffLinks: (): Promise<Asked<StaffLinks>> => ask('setup/staff-links', {}, (response) => response.json()),
  sendTest: (): Promise<Asked<PlannedTest>> => ask('setup/test-vouchers', {}, (response) => response.json()),
}
