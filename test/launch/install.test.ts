import { expect, test } from 'vitest'
import { Checkout, lockfile, packageJson } from './checkout.js'

const PROGRAM = { 'src/main.js': "console.log('it runs')" }

test('an old Node is told in one sentence what to do', async () => {
  const checkout = new Checkout(PROGRAM)
  const pretend = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.4"}})'
  const { code, stderr } = await checkout.run(['start'], {}, ['--import', `data:text/javascript,${pretend}`])
  expect(code).toBe(1)
  expect(stderr).toBe(
    'stampcast needs Node 20.19.0 or newer, and this is Node 18.20.4: install a newer one from https://nodejs.org and ' +
      'run the command again.\n',
  )
})

test('on a fresh clone the lockfile is installed with the real npm, then the program runs', async () => {
  const dependency = { greeting: 'file:greeting' }
  const checkout = new Checkout({
    'package.json': packageJson({ dependencies: dependency }),
    'package-lock.json': lockfileOfLink(dependency),
    'greeting/package.json': JSON.stringify({
      name: 'greeting',
      version: '1.0.0',
      type: 'module',
      exports: './hello.js',
    }),
    'greeting/hello.js': "export const hello = 'hello from a dependency'",
    'src/main.js': "import { hello } from 'greeting'\nconsole.log(hello)",
  })
  const { code, stdout, stderr } = await checkout.run(['start'])
  expect(stdout).toBe('hello from a dependency\n')
  expect(stderr).toContain('Installing dependencies')
  expect(code).toBe(0)

  const again = await checkout.run(['start'])
  expect(again).toMatchObject({ code: 0, stdout: 'hello from a dependency\n', stderr: '' })
})

test('production gets the compiler too', async () => {
  const checkout = new Checkout(PROGRAM)
  const { stderr } = await checkout.run(['start'], { ...checkout.fakeNpm(), NODE_ENV: 'production' })
  expect(stderr).toContain('npm was asked to ci --include=dev\n')
})

test('what somebody installed by hand is taken as it is', async () => {
  const wanted = { alpha: { version: '1.0.0' }, 'for-another-system': { version: '2.0.0', optional: true } }
  const checkout = new Checkout({ ...PROGRAM, 'package-lock.json': lockfile(wanted) })
  checkout.install({ alpha: { version: '1.0.0' } })
  const { stdout, stderr } = await checkout.run(['start'], checkout.fakeNpm())
  expect(stdout).toBe('it runs\n')
  expect(stderr).not.toContain('npm was asked')
})

test.for<[string, Parameters<typeof lockfile>[0]]>([
  ['lacks a package', {}],
  ['has another version of one', { alpha: { version: '1.0.1' } }],
  ['has a package too many', { alpha: { version: '1.0.0' }, beta: { version: '1.0.0' } }],
])('a node_modules that %s is installed again', async ([, installed]) => {
  const wanted = { alpha: { version: '1.0.0' } }
  const checkout = new Checkout({ ...PROGRAM, 'package-lock.json': lockfile(wanted) }).install(installed)
  const { stderr } = await checkout.run(['start'], checkout.fakeNpm(wanted))
  expect(stderr).toContain('npm was asked to ci')
})

test('an install that broke off half-way is done again', async () => {
  const checkout = new Checkout(PROGRAM).install()
  checkout.remove('node_modules/.package-lock.json')
  const { stderr } = await checkout.run(['start'], checkout.fakeNpm())
  expect(stderr).toContain('npm was asked to ci')
})

test('after a pull that changed the lockfile it installs once', async () => {
  const checkout = new Checkout(PROGRAM).install()
  await checkout.run(['start'])
  const wanted = { alpha: { version: '1.0.0' } }
  checkout.write('package-lock.json', lockfile(wanted))
  const env = checkout.fakeNpm(wanted)
  expect((await checkout.run(['start'], env)).stderr).toContain('npm was asked to ci')
  expect((await checkout.run(['start'], env)).stderr).toBe('')
})

test('native modules are built again for another Node', async () => {
  const checkout = new Checkout(PROGRAM).install()
  await checkout.run(['start'])
  checkout.write('node_modules/.stampcast', checkout.read('node_modules/.stampcast').replace(/\d+$/, '1'))
  const { stderr } = await checkout.run(['start'], checkout.fakeNpm())
  expect(stderr).toContain('npm was asked to ci')
})

test('when npm fails its words are shown with the next step, and nothing counts as installed', async () => {
  const checkout = new Checkout(PROGRAM)
  const env = checkout.fakeNpm({}, 1)
  const { code, stdout, stderr } = await checkout.run(['start'], env)
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(
    'The dependencies could not be installed: mend what npm says above and run it again.',
  )
  expect((await checkout.run(['start'], env)).stderr).toContain('npm was asked to ci')
})

test('two that start together on a fresh clone install once', async () => {
  const checkout = new Checkout(PROGRAM)
  const env = checkout.fakeNpm()
  const both = await Promise.all([checkout.run(['start'], env), checkout.run(['start'], env)])
  expect(both.map(({ code, stdout }) => [code, stdout])).toEqual([
    [0, 'it runs\n'],
    [0, 'it runs\n'],
  ])
  expect(both.filter(({ stderr }) => stderr.includes('npm was asked'))).toHaveLength(1)
})

test('the lock of a launcher that was killed does not hold up the next one', async () => {
  const checkout = new Checkout(PROGRAM).install()
  const gone = checkout.start(['start'])
  await gone.ended
  checkout.write('dist/.lock', String(gone.child.pid))
  checkout.remove('dist/src/main.js')
  expect(await checkout.run(['start'])).toMatchObject({ code: 0, stdout: 'it runs\n' })
  expect(checkout.has('dist/.lock')).toBe(false)
})

/** As npm writes it for a dependency that is a folder of the checkout. */
const lockfileOfLink = (dependencies: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    name: 'stampcast',
    version: '0.1.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'stampcast', version: '0.1.0', dependencies, engines: { node: '>=20.19.0' } },
      greeting: { version: '1.0.0' },
      'node_modules/greeting': { resolved: 'greeting', link: true },
    },
  })
