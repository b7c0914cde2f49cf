import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** What a launcher printed and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves once stdout holds `text`. */
  printed(text: string): Promise<void>
}

/** A small checkout with the real launcher and its own files, in a folder of its own; gone when the test is over. */
export class Checkout {
  readonly root = mkdtempSync(path.join(tmpdir(), 'stampcast-launch-'))

  constructor(files: Readonly<Record<string, string>>) {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }))
    cpSync('src/launch', this.path('src/launch'), { recursive: true })
    this.write('package.json', packageJson({}))
    this.write('package-lock.json', lockfile({}))
    for (const [file, text] of Object.entries(files)) this.write(file, text)
  }

  path(file: string): string {
    return path.join(this.root, file)
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(this.path(file)), { recursive: true })
    writeFileSync(this.path(file), text)
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8')
  }

  has(file: string): boolean {
    return existsSync(this.path(file))
  }

  remove(file: string): void {
    rmSync(this.path(file), { recursive: true })
  }

  /** What an install leaves behind: the compiler, and npm's own record of what it has installed. */
  install(packages: Packages = {}): this {
    mkdirSync(this.path('node_modules'), { recursive: true })
    symlinkSync(path.resolve('node_modules/esbuild'), this.path('node_modules/esbuild'))
    this.write('node_modules/.package-lock.json', lockfile(packages))
    return this
  }

  /** All of this project's own packages. */
  linkPackages(): void {
    symlinkSync(path.resolve('node_modules'), this.path('node_modules'))
  }

  start(command: readonly string[], env: NodeJS.ProcessEnv = {}, nodeOptions: readonly string[] = []): Running {
    return run(process.execPath, [...nodeOptions, 'src/launch/launch.mjs', ...command], this.root, env)
  }

  run(command: readonly string[], env: NodeJS.ProcessEnv = {}, nodeOptions: readonly string[] = []): Promise<Ended> {
    return this.start(command, env, nodeOptions).ended
  }

  /** As somebody types it in a folder of the checkout, or in another one that names it. */
  npx(args: readonly string[], folder: string): Running {
    return run('npx', args, folder, {})
  }

  npm(args: readonly string[]): Running {
    return run('npm', args, this.root, {})
  }

  /** A stand-in for npm that says what it was asked for and installs what `packages` names. */
  fakeNpm(packages: Packages = {}, exitCode = 0): NodeJS.ProcessEnv {
    const record = JSON.stringify(lockfile(packages))
    const esbuild = JSON.stringify(path.resolve('node_modules/esbuild'))
    this.write(
      'fake-npm.js',
      `import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
      console.log('npm was asked to', ...process.argv.slice(2))
      rmSync('node_modules', { recursive: true, force: true })
      mkdirSync('node_modules')
      symlinkSync(${esbuild}, 'node_modules/esbuild')
      if (${exitCode} === 0) writeFileSync('node_modules/.package-lock.json', ${record})
      process.exitCode = ${exitCode}`,
    )
    return { npm_execpath: this.path('fake-npm.js') }
  }
}

/** By name: the version, and whether it is only for some machines. */
type Packages = Readonly<Record<string, { readonly version: string; readonly optional?: boolean }>>

export const packageJson = (more: object): string =>
  JSON.stringify({
    name: 'stampcast',
    version: '0.1.0',
    type: 'module',
    engines: { node: '>=20.19.0' },
    scripts: { start: 'node src/launch/launch.mjs start' },
    ...more,
  })

export const lockfile = (packages: Packages): string => {
  const entries = Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry])
  const root = { '': { name: 'stampcast', version: '0.1.0', engines: { node: '>=20.19.0' } } }
  return JSON.stringify({
    name: 'stampcast',
    version: '0.1.0',
    lockfileVersion: 3,
    requires: true,
    packages: { ...root, ...Object.fromEntries(entries) },
  })
}

const run = (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Running => {
  // These tests run under npm themselves: what it left in the environment must not reach the checkout's own commands.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|VITEST)/.test(name))
  const child = spawn(command, args, { cwd, env: { ...Object.fromEntries(inherited), ...env }, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (stdout.includes(text)) resolve()
      }
      child.stdout.on('data', look)
      child.on('close', () => reject(new Error(`it ended without printing "${text}": ${stdout}${stderr}`)))
      look()
    })
  return { child, ended, printed }
}
