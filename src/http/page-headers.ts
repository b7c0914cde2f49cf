import type { RequestHandler } from 'express'
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
