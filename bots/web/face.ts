import { escapeHtml } from '../../src/http/html.js'

/** Whose pages they are. */
export interface Face {
  readonly businessName: string
  /** `#rrggbb` */
  readonly color: string
  /** A data URL, or null for the name's initial. */
  readonly logo: string | null
}

/** What of a business stands in a page's HTML: its name, its picture, the tab's icon, and the style sheet of its colour. */
export const faceHtml = (face: Face) => {
  const color = colorOf(face)
  const initial = Array.from(face.businessName.trim())[0]?.toLocaleUpperCase() ?? ''
  return {
    business: escapeHtml(face.businessName),
    avatar: face.logo ? `<img src="${escapeHtml(face.logo)}" alt="">` : escapeHtml(initial),
    icon: escapeHtml(iconOf(color)),
    brand: `try/assets/brand-${color.slice(1)}.css`,
  }
}

/** `#rrggbb` in small letters. */
export const colorOf = ({ color }: Face): string => (/^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : '#33415c')

/** A speech bubble in the business's colour. */
const iconOf = (color: string): string => {
  const bubble =
    'M16 4C8.8 4 3 8.9 3 15c0 3.3 1.7 6.2 4.4 8.2L6.5 28l5-2.5c1.4.4 2.9.6 4.5.6 7.2 0 13-4.9 13-11.1S23.2 4 16 4Z'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="${color}" d="${bubble}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
