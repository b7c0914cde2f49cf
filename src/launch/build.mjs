// Compiles what changed into dist/. Run as a process of its own by prepare.mjs, which holds the lock.
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { comparePlan, digestOf, manifestPath, planSteps, readManifest, toolsDigest } from './outputs.mjs'

/** @import { BuiltStep, Step } from './outputs.mjs' */

const ROOT = process.cwd()

const main = async () => {
  const startedMs = performance.now()
  const manifest = readManifest(ROOT)
  const { stale, gone } = comparePlan(ROOT, planSteps(ROOT), manifest)
  const steps = { ...manifest?.steps }
  for (const source of gone) for (const output of steps[source]?.outputs ?? []) removeOutput(output)
  for (const source of [...gone, ...stale.map((step) => step.source)]) delete steps[source]
  // Forgotten before they are touched: a build that breaks off here is done again, even if the sources are put back.
  writeManifest(steps)
  for (const work of [copyFiles, compileModules, bundlePages]) {
    Object.assign(steps, await work(stale))
    writeManifest(steps)
  }
  console.error(`Built ${stale.length} files in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`)
}

/**
 * @param {Step[]} stale
 * @returns {Record<string, BuiltStep>}
 */
const copyFiles = (stale) => {
  /** @type {Record<string, BuiltStep>} */
  const done = {}
  for (const { source, output } of stale.filter(({ kind }) => kind === 'copy')) {
    const inputs = digestAll([source])
    publish(output, (file) => copyFileSync(path.join(ROOT, source), file))
    done[source] = { outputs: [output], inputs }
  }
  return done
}

/**
 * One module per file, so that stack traces, `import.meta.url` and restarts after a small change stay simple.
 * @param {Step[]} stale
 * @returns {Promise<Record<string, BuiltStep>>}
 */
const compileModules = async (stale) => {
  const modules = stale.filter(({ kind }) => kind === 'module')
  if (modules.length === 0) return {}
  const inputs = digestAll(modules.map(({ source }) => source))
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: modules.map(({ source, output }) => ({
      in: path.join(ROOT, source),
      out: output.slice('dist/'.length, -'.js'.length),
    })),
    outdir: path.join(ROOT, 'dist'),
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: 'es2023' } },
  })
  for (const file of outputFiles) writeOutput(relative(file.path), file.contents)
  return Object.fromEntries(
    modules.map(({ source, output }) => [
      source,
      { outputs: [output, `${output}.map`], inputs: { [source]: inputs[source] ?? 'missing' } },
    ]),
  )
}

/**
 * @param {Step[]} stale
 * @returns {Promise<Record<string, BuiltStep>>}
 */
const bundlePages = async (stale) => {
  /** @type {Record<string, BuiltStep>} */
  const done = {}
  for (const page of stale.filter(({ kind }) => kind === 'page')) done[page.source] = await bundlePage(page)
  return done
}

/**
 * @param {Step} page
 * @returns {Promise<BuiltStep>}
 */
const bundlePage = async (page) => {
  const { build } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    entryPoints: [{ in: path.join(ROOT, page.source), out: page.output.slice('dist/'.length, -'.js'.length) }],
    outdir: path.join(ROOT, 'dist'),
    absWorkingDir: ROOT,
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022', 'chrome100', 'firefox100', 'safari15.4'],
    legalComments: 'none',
    tsconfigRaw: {},
  })
  for (const file of outputFiles) writeOutput(relative(file.path), file.contents)
  return {
    outputs: outputFiles.map((file) => relative(file.path)),
    inputs: digestAll(Object.keys(metafile.inputs)),
  }
}

/** @param {string[]} files */
const digestAll = (files) => Object.fromEntries(files.map((file) => [file, digestOf(ROOT, file)]))

/** @param {string} file */
const relative = (file) => path.relative(ROOT, file).replaceAll(path.sep, '/')

/** @param {Record<string, BuiltStep>} steps */
const writeManifest = (steps) => writeOutput(manifestPath, JSON.stringify({ tools: toolsDigest(ROOT), steps }))

/**
 * @param {string} output
 * @param {string | Uint8Array} contents
 */
const writeOutput = (output, contents) => publish(output, (file) => writeFileSync(file, contents))

/**
 * Puts a file in place at once: a program that starts meanwhile reads the old one or the new one, never half of it.
 * @param {string} output
 * @param {(file: string) => void} write
 */
const publish = (output, write) => {
  const place = path.join(ROOT, output)
  mkdirSync(path.dirname(place), { recursive: true })
  write(`${place}.tmp`)
  renameSync(`${place}.tmp`, place)
}

/** @param {string} output */
const removeOutput = (output) => rmSync(path.join(ROOT, output), { force: true })

try {
  await main()
} catch (error) {
  // The compiler has printed its own report, with file and line.
  if (!(error instanceof Error && 'errors' in error)) throw error
  process.exitCode = 1
}
