import { describe, expect, test } from 'vitest'
import { Checkout } from './checkout.js'

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
