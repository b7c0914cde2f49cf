import { element, px } from './svg.js'

/** Small drawings, each centred on (`x`, `y`) and `sizePx` wide and high. */

const inUnits = (x: number, y: number, sizePx: number): string =>
  `translate(${px(x - sizePx / 2)} ${px(y - sizePx / 2)}) scale(${Math.round((sizePx / 24) * 1e4) / 1e4})`

const strokes = (d: string, strokeWidth: number) => (x: number, y: number, sizePx: number, color: string) =>
  element('path', {
    d,
    transform: inUnits(x, y, sizePx),
    fill: 'none',
    stroke: color,
    'stroke-width': strokeWidth,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  })

/** Drawn on a grid of 24 × 24. */
export const checkMark = strokes('M5 12.8l4.6 4.6L19 7.6', 3)
export const gift = strokes(
  'M4 8.5h16v3.6H4zM5.5 12.1h13V20h-13zM12 8.5V20M12 8.2C9 8.6 7 7.4 7 5.8 7 4.6 7.9 4 8.8 4 10.6 4 11.6 6 12 8.2zM12 8.2c3 .4 5-.8 5-2.4C17 4.6 16.1 4 15.2 4 13.4 4 12.4 6 12 8.2z',
  1.8,
)
export const calendar = strokes('M4.5 6h15v14h-15zM4.5 10.200h15M8.5 3.500v4M15.5 3.500v4', 1.8)
export const clock = strokes('M12 3.500a8.5 8.5 0 1 0 .01 0zM12 7.500V12l3 2', 2.2)

const SEAL_WAVES = 12

/** A circle with a wavy edge, like a seal: the outline of a stamp that earns a reward. `sizePx` is its diameter over the waves. */
export const sealPath = (x: number, y: number, sizePx: number): string => {
  const radius = sizePx * 0.475
  const corner = (i: number) => {
    const angle = ((i - 0.5) / SEAL_WAVES) * 2 * Math.PI
    return `${px(x + radius * Math.sin(angle))} ${px(y - radius * Math.cos(angle))}`
  }
  const wave = px(radius * Math.sin(Math.PI / SEAL_WAVES) * 1.45)
  const arcs = Array.from({ length: SEAL_WAVES }, (_, i) => `A${wave} ${wave} 0 0 1 ${corner(i + 1)}`)
  return `M${corner(0)}${arcs.join('')}z`
}
