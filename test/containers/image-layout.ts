import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { copiesOf, stageOf, variablesOf, wordsOf } from './dockerfile.js'

const Lockfile = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) })

/** The packages that the image keeps: none that only development needs, and none that the Dockerfile removes. */
const keptPackages = (): string[] => {
  const { packages } = Lockfile.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))
  const removed = wordsOf(stageOf('dependencies'), 'RUN').join(' ')
  return Object.entries(packages)
    .filter(([place, { dev }]) => place !== '' && dev !== true && !removed.includes(`${place} `) && existsSync(place))
    .map(([place]) => place)
    .filter((place) => place.lastIndexOf('node_modules/') === 0)
}

/**
 * The image's folder without an engine: what the Dockerfile builds and copies, and nothing else of the checkout. Packages are
 * links, so it has to run with `--preserve-symlinks`, by which Node looks for their dependencies here and not where they lie.
 */
export const layOutImage = (): string => {
  const root = mkdtempSync(path.join(tmpdir(), 'stampcast-image-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const { sources } of copiesOf(stageOf('build')))
    for (const folder of sources) cpSync(`dist/${folder}`, path.join(root, 'dist', folder), { recursive: true })
  cpSync('package.json', path.join(root, 'package.json'))
  for (const place of keptPackages()) {
    mkdirSync(path.dirname(path.join(root, place)), { recursive: true })
    symlinkSync(path.resolve(place), path.join(root, place))
  }
  return root
}

/** What the image's environment says, except where it listens and where its volume is mounted. */
export const imageEnvironment = (): Readonly<Record<string, string>> => {
  const { HOST: _host, DATA_DIR: _dataDir, ALIVE_FILE: _aliveFile, ...env } = variablesOf(stageOf('program'))
  return env
}

/** Every file below the folder with its size and time of change; links are not followed. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`)
    .sort()
