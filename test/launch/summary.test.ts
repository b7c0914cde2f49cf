import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Checkout } from './checkout.js'

/** The last line that a test run with these files prints, and its exit code. */
const lastLineOf = (files: Readonly<Record<string, string>>) => {
  const config = `
    import { defineConfig } from 'vitest/config'
    import { SummaryReporter } from ${JSON.stringify(fileURLToPath(new URL('../support/summary-reporter.ts', import.meta.url)))}
    export default defineConfig({ test: { globals: true, reporters: ['default', new SummaryReporter()] } })`
  const checkout = new Checkout({ ...files, 'vitest.config.ts': config })
  checkout.linkPackages()
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  const { stdout, status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], {
    cwd: checkout.root,
    env: Object.fromEntries(env),
    encoding: 'utf8',
  })
  return { line: stdout.trimEnd().split('\n').at(-1), status }
}

test('a run ends with how many tests passed, failed and were skipped', () => {
  const files = { 'a.test.ts': "test('one', () => {}); test('two', () => {}); test.skip('three', () => {})" }
  expect(lastLineOf(files)).toEqual({ line: '2 passed, 0 failed, 1 skipped', status: 0 })
})

test('what fails without a test to its name counts as failed', () => {
  const files = {
    'good.test.ts': "test('one', () => {})",
    'bad.test.ts': "test('one', () => { throw new Error('no') })",
    'import.test.ts': "import './missing.js'",
    'hook.test.ts': "describe('suite', () => { beforeAll(() => { throw new Error('no') }); test('one', () => {}) })",
    'late.test.ts':
      "test('one', () => { setTimeout(() => { throw new Error('late') }) }); test('two', () => new Promise((r) => setTimeout(r, 100)))",
  }
  expect(lastLineOf(files)).toEqual({ line: '3 passed, 4 failed, 1 skipped', status: 1 })
})

test('a run without tests is a failure', () => {
  expect(lastLineOf({})).toEqual({ line: '0 passed, 1 failed', status: 1 })
})
