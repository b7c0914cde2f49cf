import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Checkout, packageJson } from './checkout.js'

/** Says its process number, then counts the signals it gets and ends half a second after the first. */
const SERVER = `
  const got = []
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      if (got.push(signal) === 1) setTimeout(() => { console.log('got', got.join()); process.exit(7) }, 500)
    })
  setInterval(() => {}, 1000)
  console.log('up', process.pid)`

test('arguments and exit code go through, and nothing else is printed', async () => {
  const checkout = new Checkout({
    'src/cli.js': 'console.log(JSON.stringify(process.argv.slice(2)))\nprocess.exitCode = 3',
  }).install()
  await checkout.run(['build'])
  expect(await checkout.run(['cli', 'replay', '--json', 'a b'])).toEqual({
    code: 3,
    signal: null,
    stdout: '["replay","--json","a b"]\n',
    stderr: '',
  })
})

describe('npx stampcast', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8'))
  const open = () =>
    new Checkout({
      'package.json': packageJson({ bin }),
      'deep/inside/note.txt': '',
      'src/cli.js': 'console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.env.STAMPCAST_HOME]))',
    }).install()

  test('builds what is stale and runs the command line, in the folder it was called in, with the clone’s settings', async () => {
    const checkout = open()
    const inside = checkout.path('deep/inside')
    const { code, stdout, stderr } = await checkout.npx(['stampcast', 'keys', 'list', '--json'], inside).ended
    expect(stderr).toContain('Built ')
    const [words, folder, home] = JSON.parse(stdout)
    expect(words).toEqual(['keys', 'list', '--json'])
    expect([realpathSync(folder), realpathSync(home)]).toEqual([realpathSync(inside), realpathSync(checkout.root)])
    expect(code).toBe(0)
  })

  test('works from a folder elsewhere', async () => {
    const checkout = open()
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'stampcast-elsewhere-'))
    onTestFinished(() => rmSync(elsewhere, { recursive: true }))
    const { stdout } = await checkout.npx(['--prefix', checkout.root, 'stampcast', '--help'], elsewhere).ended
    const [words, folder, home] = JSON.parse(stdout)
    expect(words).toEqual(['--help'])
    expect([realpathSync(folder), realpathSync(home)]).toEqual([realpathSync(elsewhere), realpathSync(checkout.root)])
  })
})

test('the benchmarks run from bench/main', async () => {
  const checkout = new Checkout({ 'bench/main.ts': 'console.log(process.argv[2] as string)' }).install()
  expect((await checkout.run(['bench', 'ingest'])).stdout).toBe('ingest\n')
})

describe.skipIf(process.platform === 'win32')('signals', () => {
  test.for(['SIGINT', 'SIGTERM'] as const)('%s reaches the program once, and its exit code is kept', async (signal) => {
    const checkout = new Checkout({ 'src/main.js': SERVER }).install()
    const { child, ended, printed } = checkout.start(['start'])
    await printed('up')
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 7, stdout: expect.stringContaining(`got ${signal}\n`) })
  })

  test('before the program listens for it, a signal ends it as usual', async () => {
    const checkout = new Checkout({ 'src/main.js': "console.log('up')\nsetInterval(() => {}, 1000)" }).install()
    const { child, ended, printed } = checkout.start(['start'], { npm_lifecycle_event: 'start' })
    await printed('up')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' })
  })

  test('SIGTERM to npm stops the program in order, though npm does not pass it on', async () => {
    const checkout = new Checkout({ 'src/main.js': SERVER }).install()
    const { child, ended, printed } = checkout.npm(['start'])
    await printed('up')
    child.kill('SIGTERM')
    expect((await ended).stdout).toContain('got SIGTERM\n')
  })
})
