import { qrCode } from './codes.js'
import { element } from './svg.js'

/**
 * The text as a QR code on white with the quiet zone that readers need, as an SVG document without a size of its own; null
 * if it makes no code.
 */
export const qrSvg = (text: string): string | null => {
  const code = qrCode(text)
  if (code === null) return null
  const { quietModules, modulesWide, modulesHigh } = code
  const [width, height] = [modulesWide + 2 * quietModules, modulesHigh + 2 * quietModules]
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, 'shape-rendering': 'crispEdges' },
    element('rect', { width, height, fill: '#ffffff' }),
    element('path', { d: code.path(quietModules, quietModules, 1, 1), fill: '#000000' }),
  )
}
