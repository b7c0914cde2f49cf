/** One event of a server's stream. `id` and `event` are empty where the server named none. */
export interface ServerEvent {
  readonly id: string
  readonly event: string
  readonly data: string
}

/**
 * Parses server-sent events as they come in, in pieces of any size
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation). Our server ends lines with
 * LF; CR is taken for a part of it.
 */
export const createEventParser = (onEvent: (event: ServerEvent) => void): ((piece: string) => void) => {
  let rest = ''
  let fields = { id: '', event: '', data: '' }
  let isEmpty = true

  const readLine = (line: string) => {
    if (line === '') {
      if (!isEmpty) onEvent(fields)
      fields = { id: '', event: '', data: '' }
      isEmpty = true
      return
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (name === 'data') fields.data += fields.data === '' ? value : `\n${value}`
    else if (name === 'id' || name === 'event') fields[name] = value
    else return
    isEmpty = false
  }

  return (piece) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) readLine(line.replace(/\r$/, ''))
  }
}
