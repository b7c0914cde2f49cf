import type { Request } from 'express'
import { AppError } from '../errors.js'

/**
 * Which of this server's addresses the browser has open, as it says itself with every POST. Throws AppError('forbidden')
 * for a page of somebody else, and for whoever says nothing: cookies go along with requests that other pages make.
 */
export const requireOwnOrigin = (req: Request, publicUrl: string | null): URL => {
  const { origin } = req.headers
  const url = origin !== undefined && URL.canParse(origin) ? new URL(origin) : null
  const isOwn = url !== null && (url.host === req.host || url.origin === (publicUrl && new URL(publicUrl).origin))
  if (isOwn) return url
  throw new AppError('forbidden', 'Only a page of this server may ask for this.')
}
