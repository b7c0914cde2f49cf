import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Checkout } from './checkout.js'

const builtCheckout = async (files: Readonly<Record<string, string>>): Promise<Checkout> => {
  const checkout = new Checkout(files).install()
  expect(await checkout.run(['build'])).toMatchObject({ code: 0 })
  return checkout
}

test('TypeScript modules become modules at the same place, and find the files beside them', async () => {
  const checkout = await builtCheckout({
    'src/main.ts': `
      import { readFileSync } from 'node:fs'
      import { greet, type Greeting } from '../bots/greet.js'
      const language: Greeting = JSON.parse(readFileSync(new URL('../locales/en/chat.json', import.meta.url), 'utf8'))
      console.log(greet(language), readFileSync(new URL('./one.sql', import.meta.url), 'utf8'))`,
    'src/one.sql': 'select 1',
    'bots/greet.ts': 'export interface Greeting { hello: string }\nexport const greet = (g: Greeting) => g.hello',
    'locales/en/chat.json': '{"hello":"Hello"}',
  })
  expect((await checkout.run(['start'])).stdout).toBe('Hello select 1\n')
})

test('a stack trace names the line of the source', async () => {
  const checkout = await builtCheckout({
    'src/main.ts':
      'interface Gone { a: string }\n\nexport const boom = (): Gone => {\n  throw new Error("boom")\n}\nboom()',
  })
  const { code, stderr } = await checkout.run(['start'])
  expect(code).toBe(1)
  expect(stderr).toContain('src/main.ts:4:')
})

test('the browser page becomes one script without the names of its modules', async () => {
  const checkout = await builtCheckout({
    'bots/web/page/main.ts': "import { say } from './say.js'\nimport { TITLE } from '../title.js'\nsay(TITLE)",
    'bots/web/page/say.ts': 'export const say = (text: string) => { document.title = text }',
    'bots/web/page/page.css': 'body { margin: 0 }',
    'bots/web/title.ts': "export const TITLE: string = 'Demo Coffee'",
  })
  const script = checkout.read('dist/bots/web/page/main.js')
  expect(script).toContain('Demo Coffee')
  expect(script).not.toContain('import')
  expect(checkout.has('dist/bots/web/page/say.js')).toBe(false)
  expect(checkout.read('dist/bots/web/page/page.css')).toBe('body { margin: 0 }')

  checkout.write('bots/web/title.ts', "export const TITLE: string = 'Corner Coffee'")
  await checkout.run(['build'])
  expect(checkout.read('dist/bots/web/page/main.js')).toContain('Corner Coffee')
})

test('only what changed is built', async () => {
  const checkout = await builtCheckout({ 'src/a.ts': 'export const a = 1', 'src/b.ts': 'export const b = 1' })
  expect((await checkout.run(['build'])).stderr).toBe('')
  checkout.write('src/b.ts', 'export const b = 2')
  expect((await checkout.run(['build'])).stderr).toContain('Built 1 files')
  expect(checkout.read('dist/src/b.js')).toContain('b = 2')
})

test('what was removed from the sources or from dist/ is put right', async () => {
  const checkout = await builtCheckout({ 'src/a.ts': 'export {}', 'src/b.ts': 'export {}', 'src/c.sql': '' })
  checkout.remove('src/b.ts')
  checkout.remove('dist/src/c.sql')
  await checkout.run(['build'])
  expect(['a.js', 'b.js', 'b.js.map', 'c.sql'].map((file) => checkout.has(`dist/src/${file}`))).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('a source put back while a build broke off is built again', async () => {
  const checkout = await builtCheckout({ 'src/a.ts': 'export const a = 1', 'src/b.ts': 'export const b = 1' })
  checkout.write('src/a.ts', 'export const a = 2')
  checkout.write('src/b.ts', 'export const b = ')
  expect((await checkout.run(['build'])).code).toBe(1)
  checkout.write('src/a.ts', 'export const a = 1')
  checkout.write('src/b.ts', 'export const b = 1')
  await checkout.run(['build'])
  expect(checkout.read('dist/src/a.js')).toContain('a = 1')
  expect((await checkout.run(['build'])).stderr).toBe('')
})

test('a mistake in the sources is shown with file and line, without a stack, and the program does not start', async () => {
  const checkout = new Checkout({ 'src/main.ts': "console.log('old')\nconst = 1" }).install()
  const { code, stdout, stderr } = await checkout.run(['start'])
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain('src/main.ts:2:6')
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^The build failed: correct what is named above/)
})

test('two that build together do not disturb each other', async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`src/m${n}.ts`, `export const m = ${n}`]))
  const checkout = new Checkout({ ...files, 'src/main.ts': "console.log('it runs')" }).install()
  const both = await Promise.all([checkout.run(['start']), delay(20).then(() => checkout.run(['start']))])
  expect(both.map(({ stdout }) => stdout)).toEqual(['it runs\n', 'it runs\n'])
})
