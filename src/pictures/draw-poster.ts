import { drawableLogo } from './logo.js'
import type { PdfImage } from './pdf-file.js'
import type { Poster } from './poster.js'
import { element } from './svg.js'

/** A4, whose height follows from the drawing's. */
const WIDTH_PT = 595.276
/** Its tile is 17 mm wide on the page: some 600 dots per inch. */
const LOGO_PX = 400
const RGBA_BYTES = 4

/**
 * Draws a poster as a PDF for A4: outlines as outlines, and only a logo as pixels. Null if an address makes no code. Loads
 * what it draws with when it is asked for the first time.
 */
export const drawPoster = async (poster: Poster): Promise<Buffer | null> => {
  const [{ createTypesetting }, { composePoster }, { svgToPdf }] = await Promise.all([
    import('./typesetter.js'),
    import('./poster.js'),
    import('./svg-to-pdf.js'),
  ])
  const { language, businessName, logo } = poster.brand
  const svg = composePoster(poster, createTypesetting()(language))
  if (svg === null) return null
  const href = drawableLogo(logo)
  const images = new Map(href === null ? [] : [[href, await pixelsOf(href)]])
  return svgToPdf(svg, { widthPt: WIDTH_PT, title: `${businessName}: ${poster.headline}`, language, images })
}

/** The logo as on its white tile. */
const pixelsOf = async (href: string): Promise<PdfImage> => {
  const { Resvg } = await import('@resvg/resvg-js')
  const size = { width: LOGO_PX, height: LOGO_PX }
  const svg = element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...size },
    element('rect', { ...size, fill: '#ffffff' }),
    element('image', { ...size, href }),
  )
  const { pixels, width, height } = new Resvg(svg, { font: { loadSystemFonts: false } }).render()
  const rgb = pixels.filter((_, at) => at % RGBA_BYTES !== RGBA_BYTES - 1)
  return { widthPx: width, heightPx: height, rgb: Buffer.from(rgb) }
}
