import type { IncomingMessage } from 'node:http'
import { AppError } from '../errors.js'

export const BODY_LIMIT_BYTES = 256 * 1024

/**
 * How much of a body that is too large is still read and thrown away: a connection closed on a client that is still writing
 * loses the answer, and the sender would see a broken pipe instead of 413.
 */
const DISCARD_LIMIT_BYTES = 4 * 1024 * 1024

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?$/i

/**
 * The bytes of a JSON request, exactly as they came. Rejects with AppError: 'unsupported_media_type' unless it is
 * application/json in UTF-8 and not compressed (a compressed body could be a bomb, and no sender we know compresses),
 * 'too_large' beyond `limitBytes`, 'invalid_json' if the connection ends before the body does.
 */
export const readJsonBody = (req: IncomingMessage, limitBytes: number = BODY_LIMIT_BYTES): Promise<Buffer> => {
  const wrongType = mediaTypeProblem(req)
  if (wrongType) return Promise.reject(wrongType)
  // Node has checked that it is digits, and ends the body there whatever follows.
  if (Number(req.headers['content-length'] ?? 0) > limitBytes) {
    discard(req)
    return Promise.reject(tooLarge(limitBytes))
  }
  return collect(req, limitBytes)
}

const mediaTypeProblem = (req: IncomingMessage): AppError | null => {
  const type = req.headers['content-type'] ?? ''
  if (type !== 'application/json' && !JSON_TYPE.test(type))
    return new AppError('unsupported_media_type', 'send the body as Content-Type: application/json in UTF-8')
  const encoding = req.headers['content-encoding']
  return encoding === undefined || encoding.toLowerCase() === 'identity'
    ? null
    : new AppError('unsupported_media_type', 'send the body without Content-Encoding')
}

const collect = (req: IncomingMessage, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const onData = (chunk: Buffer) => {
      length += chunk.length
      chunks.push(chunk)
      if (length <= limitBytes) return
      settle()
      discard(req)
      reject(tooLarge(limitBytes))
    }
    const onEnd = () => {
      settle()
      const [only] = chunks
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks, length))
    }
    const onAbort = () => {
      settle()
      reject(new AppError('invalid_json', 'the connection closed before the whole body had come'))
    }
    const settle = () => {
      req.off('data', onData).off('end', onEnd).off('close', onAbort)
    }
    if (req.destroyed || req.readableEnded) return onAbort()
    req.on('data', onData).on('end', onEnd).on('close', onAbort).on('error', ignore)
  })

/** An aborted request emits 'error' as well as 'close'; unheard it would end the process. */
const ignore = () => {}

const discard = (req: IncomingMessage): void => {
  let left = DISCARD_LIMIT_BYTES
  req.on('error', ignore).on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) req.destroy()
  })
}

const tooLarge = (limitBytes: number): AppError =>
  new AppError('too_large', `the body is larger than ${Math.floor(limitBytes / 1024)} KiB`)
