import { BASE } from './api.js'

export interface DemoCustomer {
  readonly id: string
  readonly name: string
  readonly language: string
}

export interface DemoEvent {
  readonly id: string
  readonly label: string
}

export interface Demo {
  readonly webhook_url: string
  readonly customers: readonly DemoCustomer[]
  readonly events: readonly DemoEvent[]
}

export interface DemoFrame {
  readonly frame: object
  /** What to know before it is sent. */
  readonly note: string | null
}

/** The webhook's answer, as the server itself gave it. */
export interface DemoAnswer {
  readonly status: number
  readonly body: string
  readonly elapsed_ms: number
}

const ask = async (path: string, method = 'GET', body?: unknown): Promise<Response> => {
  const response = await fetch(new URL(path, BASE), {
    method,
    ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  })
  if (response.ok) return response
  const problem = await response.json().catch(() => ({}))
  throw new Error(String(problem.detail ?? response.status))
}

export const demoApi = {
  demo: async (): Promise<Demo> => (await ask('demo')).json(),
  frame: async (customer: string, event: string): Promise<DemoFrame> =>
    (await ask(`demo/frames?${new URLSearchParams({ customer, event })}`)).json(),
  send: async (body: string): Promise<DemoAnswer> => (await ask('demo/webhooks', 'POST', { body })).json(),
  link: async (customer: string): Promise<string> =>
    (await (await ask('demo/links', 'POST', { customer })).json()).token,
  remove: () => ask('demo', 'DELETE'),
}
