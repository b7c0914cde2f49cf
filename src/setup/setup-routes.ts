import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { AppError } from '../errors.js'
import { parseInput } from '../field-errors.js'
import { sendAssetNamed } from '../http/assets.js'
import { parseJson } from '../http/json-boundary.js'
import { requireOwnOrigin } from '../http/own-origin.js'
import { readJsonBody } from '../http/raw-body.js'
import { noSessionCookie, sessionCookie, sessionTokenOf } from './session-cookie.js'
import type { SetupAccess } from './setup-access.js'
import type { SetupFiles } from './setup-files.js'
import { checklistHtml, type FaceHtml, nowhereHtml, welcomeHtml } from './setup-html.js'
import type { PlannedTest, SetupState, StaffLinks } from './setup-protocol.js'
import { TEXTS } from './setup-texts.js'

export interface SetupDeps {
  readonly files: SetupFiles
  readonly access: SetupAccess
  /** The address that the world sees, without a slash at the end; null while it is not set. */
  readonly publicUrl: string | null
  /** Whether guests may try the chat without being customers. */
  readonly isDemo: boolean
  face(): Promise<FaceHtml>
  /** `base` is the address under which the reader has this server open, `testId` the delivery of a test voucher. */
  readState(base: string, testId: string | null): Promise<SetupState>
  createStaffLinks(base: string): Promise<StaffLinks>
  /** Throws AppError('conflict') while no chat can take it. */
  sendTestVoucher(): Promise<PlannedTest>
}

const MAX_BODY_BYTES = 1024
const Opening = z.object({ token: z.string().max(100) })
const Nothing = z.object({})
const StateQuery = z.object({ test: z.uuid().optional() })

/** The page at `/`: a welcome to everybody, and to whoever opened a setup link, what is set up and what is not. */
export const setupRoutes = (deps: SetupDeps): Router => {
  const { files, access, publicUrl } = deps
  const router = Router()

  router.get('/', async (req, res) => {
    const [isOpen, face] = await Promise.all([hasSession(req, access), deps.face()])
    const html = isOpen ? checklistHtml(files, face) : welcomeHtml(files, face, deps.isDemo)
    noStore(res).type('html').send(html)
  })

  router.get('/setup/assets/:name', (req, res) => {
    sendAssetNamed(req.params.name, [files.script, files.style], req, res)
  })

  router.post('/setup/sessions', async (req, res) => {
    const origin = requireOwnOrigin(req, publicUrl)
    const { token } = await readBody(req, Opening)
    const session = await access.openSession(token)
    if (session === null) throw new AppError('forbidden', TEXTS.usedLink.what)
    noStore(res)
      .set('Set-Cookie', sessionCookie(session, origin.protocol === 'https:'))
      .status(204)
      .end()
  })

  router.post('/setup/sign-out', async (req, res) => {
    const origin = requireOwnOrigin(req, publicUrl)
    await readBody(req, Nothing)
    const token = sessionTokenOf(req)
    if (token !== null) await access.endSession(token)
    noStore(res)
      .set('Set-Cookie', noSessionCookie(origin.protocol === 'https:'))
      .status(204)
      .end()
  })

  router.get('/setup/state', async (req, res) => {
    await requireSession(req, access)
    const { test } = parseInput(StateQuery, req.query)
    noStore(res).json(await deps.readState(publicUrl ?? `${req.protocol}://${req.host}`, test ?? null))
  })

  router.post('/setup/staff-links', async (req, res) => {
    const origin = requireOwnOrigin(req, publicUrl)
    await requireSession(req, access)
    await readBody(req, Nothing)
    noStore(res)
      .status(201)
      .json(await deps.createStaffLinks(publicUrl ?? origin.origin))
  })

  router.post('/setup/test-vouchers', async (req, res) => {
    requireOwnOrigin(req, publicUrl)
    await requireSession(req, access)
    await readBody(req, Nothing)
    noStore(res)
      .status(202)
      .json(await deps.sendTestVoucher())
  })

  return router
}

/**
 * To be mounted last: a browser that asks for an address which nobody serves is shown a page; programs, and whoever fetches a
 * picture or a script, get the usual problem.
 */
export const nowherePage =
  ({ files, face }: Pick<SetupDeps, 'files' | 'face'>): RequestHandler =>
  async (req, res, next) => {
    if (req.method !== 'GET' || req.accepts(['json', 'html']) !== 'html') return next()
    const root = '../'.repeat(req.path.split('/').length - 2)
    noStore(res.status(404))
      .type('html')
      .send(nowhereHtml(files, await face(), root))
  }

const noStore = (res: Response): Response => res.set('Cache-Control', 'no-store')

const hasSession = async (req: Request, access: SetupAccess): Promise<boolean> => {
  const token = sessionTokenOf(req)
  return token !== null && (await access.isOpen(token))
}

const requireSession = async (req: Request, access: SetupAccess): Promise<void> => {
  if (!(await hasSession(req, access))) throw new AppError('unauthorized', TEXTS.ended)
}

const readBody = async <Schema extends z.ZodType>(req: Request, schema: Schema): Promise<z.output<Schema>> =>
  parseInput(schema, parseJson(await readJsonBody(req, MAX_BODY_BYTES)))
