import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import busboy from 'busboy'

/** One call of the Bot API as it came over the wire. */
export interface BotRequest {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  /** Uploaded parts by their name; a parameter refers to one as `attach://<name>`. */
  readonly files: ReadonlyMap<string, Buffer>
}

/** Parts of a form are all text; these parameters mean it, the others are JSON. */
const TEXT_PARAMS = new Set(['photo', 'caption', 'text', 'parse_mode', 'url', 'secret_token', 'certificate'])

/** Throws an Error that says what is wrong with the body. */
export const readBotRequest = async (method: string, req: IncomingMessage): Promise<BotRequest> => {
  const contentType = req.headers['content-type'] ?? ''
  if (contentType.startsWith('multipart/form-data')) return { method, ...(await readForm(req)) }
  const body = (await buffer(req)).toString()
  if (body === '') return { method, params: {}, files: new Map() }
  if (!contentType.startsWith('application/json')) throw new Error(`content-type ${contentType}`)
  const params: unknown = JSON.parse(body)
  if (!isRecord(params)) throw new Error('the body is not an object')
  return { method, params, files: new Map() }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readForm = (req: IncomingMessage): Promise<Omit<BotRequest, 'method'>> =>
  new Promise((resolve, reject) => {
    const params: Record<string, unknown> = {}
    const files = new Map<string, Buffer>()
    const uploads: Promise<void>[] = []
    const form = busboy({ headers: req.headers })
    form.on('field', (name, text) => {
      params[name] = TEXT_PARAMS.has(name) ? text : parseOrKeep(text)
    })
    form.on('file', (name, stream) => {
      // A part may carry a parameter itself, or be named by one; which of the two is seen when all parts are read.
      uploads.push(buffer(stream).then((bytes) => void files.set(name, bytes)))
    })
    form.on('error', reject)
    form.on('close', () => {
      Promise.all(uploads).then(() => resolve({ params, files }), reject)
    })
    req.on('aborted', () => reject(new Error('the client went away')))
    req.pipe(form)
  })

const parseOrKeep = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
