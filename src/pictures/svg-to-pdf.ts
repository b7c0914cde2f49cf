import { assertNever } from '../errors.js'
import { circlePart, outlineOf, type Segment } from './outline.js'
import { type PdfImage, pdfFile } from './pdf-file.js'
import { readSvg, type SvgElement } from './svg-reading.js'

export interface PdfOptions {
  readonly widthPt: number
  readonly title: string
  /** BCP 47 */
  readonly language: string
  /** The pixels of an `image` of the drawing, by its `href`. */
  readonly images: ReadonlyMap<string, PdfImage>
}

/** What a drawing's parts are painted with, as far as it is inherited. */
interface Paint {
  readonly fill: string | null
}

/** Collects what the drawing needs besides its operators. */
interface Needs {
  readonly opacities: number[]
  readonly images: PdfImage[]
}

/**
 * A page with the same drawing as an SVG of ours, whose outlines stay outlines: it prints as sharply as the printer can.
 * Throws for what our posters do not have (gradients, clips, text), rather than to leave it out.
 */
export const svgToPdf = (svg: string, { widthPt, title, language, images }: PdfOptions): Buffer => {
  const root = readSvg(svg)
  const [, , width = 0, height = 0] = (root.attributes.get('viewBox') ?? '').split(' ').map(Number)
  if (!(width > 0 && height > 0)) throw new Error('a drawing for a page has a viewBox')
  const scale = widthPt / width
  const heightPt = round(height * scale)
  const needs: Needs = { opacities: [], images: [] }
  const drawn = root.children.map((child) => draw(child, { fill: null }, needs, images))
  // PDF counts from the lower left corner.
  const content = `${scale} 0 0 ${-scale} 0 ${heightPt} cm\n${drawn.join('')}`
  return pdfFile({ widthPt, heightPt, content, ...needs, title, language })
}

const draw = (node: SvgElement, inherited: Paint, needs: Needs, images: PdfOptions['images']): string => {
  const paint = { fill: node.attributes.get('fill') ?? inherited.fill }
  switch (node.name) {
    case 'g':
      return within(node, node.children.map((child) => draw(child, paint, needs, images)).join(''))
    case 'path':
      return within(node, painted(node, outlineOf(node.attributes.get('d') ?? ''), paint, needs))
    case 'circle':
      return within(node, painted(node, circle(node), paint, needs))
    case 'rect':
      return within(node, painted(node, rectangle(node), paint, needs))
    case 'image':
      return within(node, picture(node, needs, images))
    default:
      throw new Error(`a page cannot have <${node.name}>`)
  }
}

/** The element's own coordinates, where it has some. */
const within = ({ attributes }: SvgElement, drawn: string): string => {
  const transform = attributes.get('transform')
  if (transform === undefined) return drawn
  const steps = [...transform.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name = '', written = '']) =>
    matrixOf(name, written.split(/[\s,]+/).map(Number)),
  )
  return `q\n${steps.map((matrix) => `${matrix.map((value) => round(value, 6)).join(' ')} cm\n`).join('')}${drawn}Q\n`
}

const matrixOf = (name: string, [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]: readonly number[]): readonly number[] => {
  switch (name) {
    case 'matrix':
      return [a, b, c, d, e, f]
    case 'translate':
      return [1, 0, 0, 1, a, b]
    case 'scale':
      return [a, 0, 0, a, 0, 0]
    default:
      throw new Error(`a page cannot be turned by ${name}()`)
  }
}

const painted = (node: SvgElement, outline: readonly Segment[], { fill }: Paint, needs: Needs): string => {
  const stroke = node.attributes.get('stroke') ?? null
  const isFilled = fill !== null && fill !== 'none'
  const opacity = node.attributes.get('fill-opacity')
  const settings = [
    ...(isFilled ? [`${colour(fill)} rg`] : []),
    ...(isFilled && opacity !== undefined ? [`/O${added(needs.opacities, Number(opacity))} gs`] : []),
    ...(stroke === null ? [] : [`${colour(stroke)} RG`, `${numberIn(node, 'stroke-width')} w`, ...ends(node)]),
  ]
  const operator = isFilled ? (stroke === null ? 'f' : 'B') : stroke === null ? 'n' : 'S'
  return `q\n${settings.join('\n')}\n${operators(outline)}${operator}\nQ\n`
}

const ends = ({ attributes }: SvgElement): readonly string[] => [
  ...(attributes.get('stroke-linecap') === 'round' ? ['1 J'] : []),
  ...(attributes.get('stroke-linejoin') === 'round' ? ['1 j'] : []),
]

const picture = (node: SvgElement, needs: Needs, images: PdfOptions['images']): string => {
  const image = images.get(node.attributes.get('href') ?? '')
  if (image === undefined) throw new Error('a picture of the page has no pixels')
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => numberIn(node, name))
  // A picture stands on its foot, and the page was turned over.
  return `q\n${width} 0 0 ${-(height ?? 0)} ${x} ${(y ?? 0) + (height ?? 0)} cm\n/I${added(needs.images, image)} Do\nQ\n`
}

const added = <Value>(list: Value[], value: Value): number => list.push(value) - 1

const numberIn = ({ attributes }: SvgElement, name: string): number => Number(attributes.get(name) ?? 0)

const circle = (node: SvgElement): readonly Segment[] => {
  const [cx, cy, r] = [numberIn(node, 'cx'), numberIn(node, 'cy'), numberIn(node, 'r')]
  return [{ kind: 'move', to: [cx + r, cy] }, ...circlePart([cx, cy], r, 0, 2 * Math.PI), { kind: 'close' }]
}

const rectangle = (node: SvgElement): readonly Segment[] => {
  const [x, y, r] = [numberIn(node, 'x'), numberIn(node, 'y'), numberIn(node, 'rx')]
  const [right, bottom] = [x + numberIn(node, 'width'), y + numberIn(node, 'height')]
  const corners = [
    [right - r, y + r],
    [right - r, bottom - r],
    [x + r, bottom - r],
    [x + r, y + r],
  ] as const
  const quarter = Math.PI / 2
  return [
    { kind: 'move', to: [x + r, y] },
    ...corners.flatMap(([cx, cy], i): readonly Segment[] => {
      const begin = (i - 1) * quarter
      const side: Segment = { kind: 'line', to: [cx + r * Math.cos(begin), cy + r * Math.sin(begin)] }
      return r === 0 ? [side] : [side, ...circlePart([cx, cy], r, begin, quarter)]
    }),
    { kind: 'close' },
  ]
}

const operators = (outline: readonly Segment[]): string =>
  outline.map((segment) => `${operatorsOf(segment)}\n`).join('')

const operatorsOf = (segment: Segment): string => {
  switch (segment.kind) {
    case 'move':
      return `${written(segment.to)} m`
    case 'line':
      return `${written(segment.to)} l`
    case 'curve':
      return `${written(segment.from)} ${written(segment.into)} ${written(segment.to)} c`
    case 'close':
      return 'h'
    default:
      return assertNever(segment)
  }
}

const written = ([x, y]: readonly [number, number]): string => `${round(x)} ${round(y)}`

const round = (value: number, digits = 3): number => Number(value.toFixed(digits))

const FULL = 255

/** `#rrggbb` as PDF's three numbers. */
const colour = (hex: string): string => {
  const parts = /^#(..)(..)(..)$/.exec(hex)?.slice(1)
  if (parts === undefined) throw new Error(`${hex} is no colour of a page`)
  return parts.map((part) => round(Number.parseInt(part, 16) / FULL)).join(' ')
}
