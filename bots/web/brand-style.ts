import { contrast, mix } from '../../src/pictures/color.js'

const PAPER = '#ffffff'
const INK = '#16181d'
/** Grounds on which base.css puts text of the accent's colour: the darkest of the light ones, the lightest of the dark. */
const BUBBLE = '#f1f2f5'
const NIGHT_BUTTON = '#363b44'
const NIGHT = '#16181c'
/** WCAG 2.2, 1.4.3: text of normal size. */
const READABLE = 4.5

/** The page's colours that follow from the business's one, as a style sheet. `color` is `#rrggbb`. */
export const brandStyle = (color: string): string => {
  const accent = shadeUntil(color, '#000000', (shade) => contrast(shade, BUBBLE) >= READABLE)
  // In the dark a colour first glows, and only then pales.
  const isLit = (shade: string) => contrast(shade, NIGHT_BUTTON) >= READABLE
  const nightAccent = shadeUntil(shadeUntil(color, glowing(color), isLit), PAPER, isLit)
  const night = shadeUntil(color, glowing(color), (shade) => contrast(shade, NIGHT) >= 1.6)
  return `:root{${variables(color, accent)}}
@media (prefers-color-scheme:dark){:root{${variables(night, nightAccent)}}}
`
}

const variables = (color: string, accent: string): string => {
  const { brand, onBrand } = brandPair(color)
  return `--brand:${brand};--on-brand:${onBrand};--accent:${accent}`
}

/** The business's colour as a ground, and the colour that can be read on it. */
export const brandPair = (color: string): { readonly brand: string; readonly onBrand: string } => {
  // A shade in the middle carries neither white nor ink well; it is darkened until it carries white.
  const brand =
    contrast(INK, color) >= 7 ? color : shadeUntil(color, '#000000', (shade) => contrast(PAPER, shade) >= READABLE)
  return { brand, onBrand: contrast(PAPER, brand) >= READABLE ? PAPER : INK }
}

/** The same hue as bright as it gets. */
const glowing = (color: string): string => {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
  const brightest = Math.max(...channels)
  if (brightest === 0) return PAPER
  return `#${channels.map((value) => hexByte((value / brightest) * 255)).join('')}`
}

const hexByte = (value: number): string => Math.round(value).toString(16).padStart(2, '0')

/** Moves a colour towards `goal` in small steps until it is `good`, or is the goal. */
const shadeUntil = (color: string, goal: string, good: (shade: string) => boolean): string => {
  let shade = color
  for (let step = 0; step < 60 && !good(shade); step++) shade = mix(goal, shade, 0.08)
  return shade
}
