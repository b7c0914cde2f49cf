/** Builds SVG text. Numbers are rounded to hundredths of a pixel, attribute values are escaped; nothing else is clever. */
export type Attributes = Readonly<Record<string, string | number | null>>

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text that is valid XML whatever it was: markup is escaped, and characters XML 1.0 has no place for are gone. */
const escapeXml = (text: string): string =>
  text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\p{Control}\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (mark) => ESCAPES[mark] ?? '')

/** A number as SVG likes it: no exponent, at most two decimals. */
export const px = (value: number): string => String(Math.round(value * 100) / 100)

const attribute = ([name, value]: readonly [string, string | number | null]): string =>
  value === null ? '' : ` ${name}="${typeof value === 'number' ? px(value) : escapeXml(value)}"`

/** One element; `children` are SVG text already. An attribute that is null is left out. */
export const element = (name: string, attributes: Attributes, ...children: readonly string[]): string => {
  const opening = name + Object.entries(attributes).map(attribute).join('')
  return children.length === 0 ? `<${opening}/>` : `<${opening}>${children.join('')}</${name}>`
}

/** The whole picture. Width and height are in pixels of the PNG. */
export const svgDocument = (widthPx: number, heightPx: number, ...children: readonly string[]): string =>
  element('svg', { xmlns: 'http://www.w3.org/2000/svg', width: widthPx, height: heightPx }, ...children)

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const roundedRect = (box: Box, radius: number, paint: Attributes): string =>
  element('rect', { x: box.x, y: box.y, width: box.width, height: box.height, rx: radius, ...paint })
