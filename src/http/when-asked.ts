import type { RequestHandler, Router } from 'express'

/**
 * What lies below these paths is made by the first request for it, so that what nobody asks for costs no memory. A making that
 * failed is tried again by the next request.
 */
export const whenAsked = (paths: readonly string[], make: () => Promise<Router>): RequestHandler => {
  let made: Promise<Router> | null = null
  const open = (): Promise<Router> => {
    made ??= make().catch((error: unknown) => {
      made = null
      throw error
    })
    return made
  }
  return (req, res, next) => {
    if (!paths.some((path) => req.path === path || req.path.startsWith(`${path}/`))) return next()
    open().then((router) => router(req, res, next), next)
  }
}
