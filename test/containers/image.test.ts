import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cardIssued, OLENA, stampAdded, voucherIssued } from '../e2e/frames.js'
import { linkTo, openCafe, tell, waitForMessages } from '../e2e/open-cafe.js'
import { describeWith } from '../support/engines.js'
import { redisMissing, startRedis } from '../support/redis-server.js'
import { copiesOf, readStages, stageOf, wordsOf } from './dockerfile.js'
import { filesIn, imageEnvironment, layOutImage } from './image-layout.js'

describe('the Dockerfile', () => {
  test('copies only what is there, and what .dockerignore lets through', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n')
    const copied = readStages()
      .flatMap(copiesOf)
      .filter(({ from }) => from === null)
      .flatMap(({ sources }) => sources)
    expect(copied.length).toBeGreaterThan(5)
    for (const source of copied) {
      expect(existsSync(source), source).toBe(true)
      expect(ignored, source).toContain(`!${source}`)
    }
  })

  test('keeps every font that pictures use', () => {
    const fonts = [...readFileSync('src/pictures/fonts.ts', 'utf8').matchAll(/require\.resolve\('(.+?)'\)/g)]
    const kept = [
      ...wordsOf(stageOf('dependencies'), 'RUN')
        .join(' ')
        .matchAll(/! -name '\*(.+?)'/g),
    ]
    expect([fonts.length, kept.length]).toEqual([10, 2])
    for (const [, font = ''] of fonts)
      expect(
        kept.some(([, ending = '']) => font.endsWith(ending)),
        font,
      ).toBe(true)
  })

  test('gives the production image by itself, run by Node alone, as no administrator', () => {
    const stages = readStages()
    expect(stages.at(-1)).toMatchObject({ name: 'production', base: 'program' })
    expect(stages.map(({ base }) => base).filter((base) => base.includes(':'))).toEqual(['node:20-bookworm-slim'])
    const program = stageOf('program')
    expect(wordsOf(program, 'CMD')).toEqual(['["node", "--max-semi-space-size=8", "dist/src/main.js"]'])
    expect(wordsOf(program, 'STOPSIGNAL')).toEqual(['SIGTERM'])
    expect(wordsOf(program, 'VOLUME')).toEqual(['/data'])
    expect(wordsOf(program, 'HEALTHCHECK').join()).toContain('CMD ["node", "dist/src/health-check.js"]')
    for (const name of ['program', 'with-chromium']) expect(wordsOf(stageOf(name), 'USER').at(-1), name).toBe('node')
    expect(copiesOf(program).flatMap(({ sources }) => sources)).toEqual([
      '/app/node_modules',
      '/app/package.json',
      '/app/dist',
    ])
  })
})

/** A café whose programs run from the image's folder, with the image's environment. */
const openImage = async (env: Readonly<Record<string, string>>, redisUrl?: string) => {
  const root = layOutImage()
  const cafe = await openCafe({
    programDir: path.join(root, 'dist', 'src'),
    ...(redisUrl === undefined ? {} : { redisUrl }),
    env: {
      ...imageEnvironment(),
      HOST: '127.0.0.1',
      HOME: '/nonexistent',
      NODE_OPTIONS: '--preserve-symlinks',
      MASTER_KEY: randomBytes(32).toString('base64'),
      ...env,
    },
  })
  return { root, cafe }
}

type Image = Awaited<ReturnType<typeof openImage>>

/** A customer comes, and sees the visit as a picture. */
const serveAVisit = async ({ cafe }: Image, web: Parameters<typeof tell>[0]) => {
  await tell(web, cardIssued(OLENA))
  const olena = cafe.telegram.user(501)
  olena.says(`/start ${await linkTo(cafe, OLENA.id)}`)
  await waitForMessages(olena.sees, 2)
  await tell(web, stampAdded(OLENA, 1), voucherIssued(OLENA, 'v_1'))
  const [visit] = await waitForMessages(olena.sees, 1, 2)
  expect(visit?.photo).not.toBeNull()
}

const STOPPED = { code: 0, signal: null }

describe('what the image holds', () => {
  test('is all that one process needs, and it writes nothing but its data', async () => {
    const image = await openImage({})
    const { root, cafe } = image
    const before = filesIn(root)
    const program = await cafe.installation.start()
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200)
    await serveAVisit(image, program)
    expect(await program.stop()).toMatchObject(STOPPED)
    expect(filesIn(root)).toEqual(before)
  })

  describeWith('with Redis', redisMissing(), () => {
    test('serves as a web process and two workers that start together, each with its health check', async () => {
      const redis = await startRedis()
      onTestFinished(() => redis.close())
      const image = await openImage({}, redis.url)
      const { installation } = image.cafe
      const aliveFile = (worker: number) => path.join(image.root, `alive-${worker}`)
      const [web, ...workers] = await Promise.all([
        installation.start({ role: 'web' }),
        installation.startWorker({ ALIVE_FILE: aliveFile(1) }),
        installation.startWorker({ ALIVE_FILE: aliveFile(2) }),
      ])
      await serveAVisit(image, web)
      const checks = [
        { ROLE: 'web', PORT: new URL(web.url).port },
        { ROLE: 'worker', ALIVE_FILE: aliveFile(1) },
        { ROLE: 'worker', ALIVE_FILE: aliveFile(2) },
      ]
      for (const env of checks) expect(await installation.checkHealth(env)).toMatchObject({ code: 0, stderr: '' })
      for (const program of [web, ...workers]) {
        const ended = await program.stop()
        expect(ended).toMatchObject(STOPPED)
        expect(ended.elapsedMs).toBeLessThan(10_000)
      }
      for (const env of checks) expect(await installation.checkHealth(env)).toMatchObject({ code: 1 })
    })
  })
})
