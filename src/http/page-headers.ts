import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

/**
 * The security headers of everything a browser may open. Only our own scripts, styles, pictures and connections; nobody may
 * frame us. HTTPS is demanded only where the public address has it: a café's own machine on http://192.168.… has none.
 */
export const pageHeaders = (publicUrl: string | null): RequestHandler => {
  const isHttps = publicUrl?.startsWith('https://') ?? false
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // data: for the small pictures that style sheets and QR codes carry with them.
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  })
}

const NO_ANCESTORS = "frame-ancestors 'none'"

/** Lets pages of these origins, and of no others, show this answer in a frame. Without any it stays as it is for all. */
export const allowFraming = (res: Response, origins: readonly string[]): void => {
  const policy = String(res.getHeader('Content-Security-Policy') ?? '')
  if (origins.length === 0) return
  res.set('Content-Security-Policy', policy.replace(NO_ANCESTORS, `frame-ancestors ${origins.join(' ')}`))
  // It knows no list, and browsers that obey the policy above pass it over.
  res.removeHeader('X-Frame-Options')
}
