import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * dist/ mirrors the checkout: `src/a.ts` becomes `dist/src/a.js`, and every other file (SQL, HTML, JSON, workers in plain
 * JavaScript) is copied to the same place. So `new URL('./x.sql', import.meta.url)` names the right file from the
 * sources, where the tests run, and from dist/, where the program runs. Only the browser's pages differ: the modules of each
 * become one minified script. All paths here are relative to the checkout and use `/`.
 */
const SOURCE_FOLDERS = ['src', 'bots', 'locales', 'bench', 'test/doubles', 'test/support']
const PAGE_FOLDERS = ['bots/web/page/', 'src/setup/page/']
const PAGE_ENTRIES = ['bots/web/page/main.ts', 'bots/web/page/embed/main.ts', 'src/setup/page/main.ts']
const LAUNCHER_FOLDER = 'src/launch/'
const DIST = 'dist/'
const MANIFEST = `${DIST}.manifest.json`

/**
 * How one source becomes outputs. `page` reads more inputs than its entry.
 * @typedef {{ kind: 'module' | 'page' | 'copy', source: string, output: string }} Step
 *
 * What the last build did: `steps` by source, each with its outputs and the digest of every input.
 * @typedef {{ outputs: string[], inputs: Record<string, string> }} BuiltStep
 * @typedef {{ tools: string, steps: Record<string, BuiltStep> }} Manifest
 */

/**
 * @param {string} root
 * @returns {boolean}
 */
export const buildIsCurrent = (root) => {
  const manifest = readManifest(root)
  const { stale, gone } = comparePlan(root, planSteps(root), manifest)
  return manifest !== null && stale.length === 0 && gone.length === 0
}

/**
 * @param {string} root
 * @returns {Step[]}
 */
export const planSteps = (root) =>
  SOURCE_FOLDERS.flatMap((folder) => listFiles(root, folder))
    .map(stepFor)
    .filter((step) => step !== null)

/**
 * The steps to do again, and the sources of earlier steps that no longer exist.
 * @param {string} root
 * @param {Step[]} steps
 * @param {Manifest | null} manifest
 */
export const comparePlan = (root, steps, manifest) => {
  const known = manifest?.tools === toolsDigest(root) ? manifest.steps : {}
  const sources = new Set(steps.map((step) => step.source))
  return {
    stale: steps.filter((step) => !isCurrent(root, known[step.source])),
    gone: Object.keys(manifest?.steps ?? {}).filter((source) => !sources.has(source)),
  }
}

/**
 * @param {string} root
 * @returns {Manifest | null}
 */
export const readManifest = (root) => {
  const file = path.join(root, MANIFEST)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

export const manifestPath = MANIFEST

/**
 * What the outputs depend on besides their sources: the compiler's version and these two files.
 * @param {string} root
 */
export const toolsDigest = (root) =>
  ['package-lock.json', `${LAUNCHER_FOLDER}outputs.mjs`, `${LAUNCHER_FOLDER}build.mjs`]
    .map((file) => digestOf(root, file))
    .join(' ')

/**
 * @param {string} root
 * @param {string} file
 */
export const digestOf = (root, file) => {
  const place = path.join(root, file)
  return existsSync(place) ? createHash('sha1').update(readFileSync(place)).digest('base64url') : 'missing'
}

/**
 * @param {string} root
 * @param {BuiltStep | undefined} built
 */
const isCurrent = (root, built) => {
  if (built === undefined) return false
  const isThere = built.outputs.every((output) => existsSync(path.join(root, output)))
  return isThere && Object.entries(built.inputs).every(([input, digest]) => digestOf(root, input) === digest)
}

/**
 * @param {string} source
 * @returns {Step | null}
 */
const stepFor = (source) => {
  const name = path.posix.basename(source)
  if (source.startsWith(LAUNCHER_FOLDER) || name.startsWith('.') || name === 'tsconfig.json') return null
  if (/\.(md|d\.ts)$/.test(name)) return null
  if (!source.endsWith('.ts')) return { kind: 'copy', source, output: DIST + source }
  const output = `${DIST}${source.slice(0, -'.ts'.length)}.js`
  if (PAGE_ENTRIES.includes(source)) return { kind: 'page', source, output }
  return PAGE_FOLDERS.some((folder) => source.startsWith(folder)) ? null : { kind: 'module', source, output }
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
const listFiles = (root, folder) =>
  existsSync(path.join(root, folder))
    ? readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? listFiles(root, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
      )
    : []
