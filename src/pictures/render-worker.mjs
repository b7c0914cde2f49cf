/**
 * The thread that turns SVG into PNG. Plain JavaScript that imports no TypeScript of ours, so that it runs from the
 * sources and from the build alike. It answers every message with one: `{ png }`, or `{ error }` in words.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'
import { Resvg } from '@resvg/resvg-js'
import { createPngEncoder } from './png.mjs'

// resvg's images live outside V8's heap, unseen by it: without being told to collect, it keeps 6 MB per picture drawn.
setFlagsFromString('--expose-gc')
/** @type {(options: { type: 'minor' }) => void} */
const collectGarbage = runInNewContext('gc')

/** Texts are outlines already; the only text left could be in a business's SVG logo, and the system's fonts stay unread. */
const OPTIONS = { font: { loadSystemFonts: false } }

const encodePng = createPngEncoder()

/** @param {string} svg */
const draw = (svg) => {
  const image = new Resvg(svg, OPTIONS).render()
  return encodePng(image.pixels, image.width, image.height)
}

parentPort?.on('message', (svg) => {
  try {
    const png = draw(svg)
    parentPort?.postMessage({ png }, [png.buffer])
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
  setImmediate(() => collectGarbage({ type: 'minor' }))
})
