import { copyText } from './copy.js'
import { type Demo, type DemoCustomer, demoApi } from './demo-api.js'
import { el, part } from './dom.js'

export interface DemoHooks {
  say(text: string): void
  /** Opens the chat as if by the one-time link with this token. */
  link(token: string): void
}

/** Room for the panel beside the chat; below that it is a sheet under it. */
const BESIDE = '(min-width: 62rem)'

/** The panel that sends real webhooks to this server, where the server says that it is a demo. */
export const openDemoPanel = async (hooks: DemoHooks): Promise<void> => {
  const panel = part('panel', HTMLElement)
  const toggle = part('panel-switch', HTMLButtonElement)
  const show = (isShown: boolean) => {
    panel.hidden = !isShown
    toggle.setAttribute('aria-expanded', String(isShown))
  }
  toggle.setAttribute('aria-controls', panel.id)
  toggle.addEventListener('click', () => show(panel.hidden === true))
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    show(false)
    toggle.focus()
  })
  try {
    panel.append(...createPanel(await demoApi.demo(), hooks))
  } catch (error) {
    panel.append(el('p', { role: 'alert' }, describe(error)))
  }
  toggle.hidden = false
  show(matchMedia(BESIDE).matches)
}

const READY = 'The customer’s chat hears of it a moment after you send.'

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const createPanel = (demo: Demo, hooks: DemoHooks): HTMLElement[] => {
  const customer = choice('Customer', demo.customers, ({ id, name, language }) => [id, `${name} (${language})`])
  customer.select.value = whoReads(navigator.languages, demo.customers)?.id ?? customer.value()
  const event = choice('What happened', demo.events, ({ id, label }) => [id, label])
  const whom = el('span', { class: 'whom' })
  const link = el('button', { type: 'button', class: 'plain' }, 'Link this chat', whom)
  const send = el('button', { type: 'submit', class: 'primary' }, 'Send webhook')
  const status = el('p', { class: 'status hint', role: 'status' })
  const request = createRequest(demo.webhook_url, hooks)
  const answer = el('pre', { class: 'code answer', tabindex: 0, role: 'region', 'aria-label': 'answer', hidden: true })
  const form = el('form', { class: 'steps' }, customer.box, link, event.box, send, status)

  const say = (kind: 'hint' | 'good' | 'bad', ...words: (Node | string)[]) => {
    status.className = `status ${kind}`
    status.replaceChildren(...words)
  }
  const nameOf = (id: string) => demo.customers.find((one) => one.id === id)?.name ?? id
  /** Why the chat will stay silent after the request as it stands; null if it will not, or if nobody can know. */
  let note: string | null = null
  const fill = async () => {
    whom.textContent = ` to ${nameOf(customer.value())}`
    const next = await demoApi.frame(customer.value(), event.value())
    note = next.note
    request.set(JSON.stringify(next.frame, null, 2))
    say('hint', note ?? READY)
  }
  /** One after the other, so that the last choice is the one that stays. */
  let last = Promise.resolve()
  const then = (work: () => Promise<void>) => {
    last = last.then(work).catch((error: unknown) => say('bad', describe(error)))
  }

  for (const { select } of [customer, event]) select.addEventListener('change', () => then(fill))
  request.reset.addEventListener('click', () => then(fill))
  link.addEventListener('click', () =>
    then(async () => {
      hooks.link(await demoApi.link(customer.value()))
      say('hint', 'The chat opens the one-time link.')
    }),
  )
  form.addEventListener('submit', (submitted) => {
    submitted.preventDefault()
    then(async () => {
      // Each press is a new event with a fresh time and count, unless somebody wrote their own.
      if (!request.isEdited()) await fill()
      const { status: code, body, elapsed_ms } = await demoApi.send(request.body())
      const why = code < 300 && note !== null && !request.isEdited() ? ` ${note}` : ''
      say(code < 300 ? 'good' : 'bad', el('b', {}, `${code} ${MEANING[code] ?? ''}`), ` in ${elapsed_ms} ms.${why}`)
      answer.textContent = pretty(body)
      answer.hidden = false
    })
  })
  then(fill)
  return [
    el('h2', {}, 'Demo'),
    el('p', { class: 'hint' }, 'Send what 7stamp would send, to this very server, and watch the chat.'),
    form,
    request.box,
    answer,
    request.curl,
    removal(hooks),
  ]
}

/** Whoever tries it reads the chat as well, so the first choice speaks a language of theirs. */
const whoReads = (languages: readonly string[], customers: readonly DemoCustomer[]): DemoCustomer | undefined => {
  for (const tag of languages) {
    const found = customers.find(({ language }) => language === tag.split('-')[0])
    if (found) return found
  }
  return undefined
}

const choice = <T>(label: string, items: readonly T[], option: (item: T) => [value: string, label: string]) => {
  const select = el('select')
  for (const item of items) {
    const [value, text] = option(item)
    select.append(el('option', { value }, text))
  }
  return { select, box: el('label', { class: 'choice' }, el('span', {}, label), select), value: () => select.value }
}

/** The request's body, which may be changed by hand, and the line that sends the same from a shell. */
const createRequest = (url: string, hooks: DemoHooks) => {
  const text = el('textarea', { class: 'code', rows: 14, spellcheck: 'false', autocapitalize: 'off', id: 'request' })
  const reset = el('button', { type: 'button', class: 'small', hidden: true }, 'Undo changes')
  const line = el('pre', { class: 'code', tabindex: 0, role: 'region', 'aria-label': 'curl command' })
  const copy = el('button', { type: 'button', class: 'small' }, 'Copy')
  let generated = ''
  const refresh = () => {
    reset.hidden = text.value === generated
    line.textContent = curlLine(url, text.value)
  }
  text.addEventListener('input', refresh)
  copy.addEventListener('click', async () => {
    if (!(await copyText(line.textContent ?? ''))) return
    hooks.say('Copied')
    copy.textContent = 'Copied'
    setTimeout(() => copy.replaceChildren('Copy'), 2_000)
  })
  return {
    reset,
    box: el(
      'div',
      { class: 'request' },
      el('div', { class: 'bar' }, el('label', { for: 'request' }, `POST ${new URL(url).pathname}`), reset),
      text,
    ),
    curl: el('details', { class: 'curl' }, el('summary', {}, 'The same from a shell'), line, copy),
    isEdited: () => text.value !== generated,
    body: () => text.value,
    set(body: string) {
      generated = body
      text.value = body
      refresh()
    },
  }
}

const curlLine = (url: string, body: string): string =>
  `curl -i ${shellWord(url)} -H 'Content-Type: application/json' -d ${shellWord(body)}`

const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const MEANING: Readonly<Record<number, string>> = {
  200: 'OK, known already',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  413: 'Too Large',
  422: 'Unprocessable',
  503: 'Unavailable',
}

const pretty = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** Asks by asking for a second press, which a slip of the finger does not give. */
const removal = (hooks: DemoHooks): HTMLElement => {
  const button = el('button', { type: 'button', class: 'small danger' }, 'Remove demo people')
  let timer: ReturnType<typeof setTimeout> | undefined
  const rest = (text: string) => {
    clearTimeout(timer)
    timer = undefined
    button.textContent = text
  }
  button.addEventListener('click', async () => {
    if (timer === undefined) {
      button.textContent = 'Press again to remove them'
      timer = setTimeout(() => rest('Remove demo people'), 5_000)
      return
    }
    try {
      await demoApi.remove()
      rest('Demo people removed')
      hooks.say('Demo people removed')
    } catch (error) {
      rest(describe(error))
    }
  })
  return button
}
