/** Colours of a picture, all derived from the business's one. Hex strings in, `#rrggbb` out; contrast by WCAG 2.2. */
export interface Palette {
  /** The header's ground: the business's colour, as it is unless it is white; grey once a voucher is used up. */
  readonly brand: string
  /** Text and shapes on `brand`: white or near-black, whichever can be read (at least 4.5:1). */
  readonly onBrand: string
  /** The business's colour, darkened until shapes on white can be told from it (at least 3:1). */
  readonly accent: string
  /** The same until text on white can be read (at least 4.5:1). */
  readonly accentText: string
  /** A filled stamp: the business's colour unless that could not be seen on white at all. Outlined in `accent`. */
  readonly stamp: string
  /** The mark on a filled stamp. */
  readonly onStamp: string
  /** A pale wash of the accent behind the card and its panels. */
  readonly wash: string
  /** Hairlines and empty outlines. */
  readonly line: string
  readonly ink: string
  readonly muted: string
  readonly paper: string
}

type Rgb = readonly [red: number, green: number, blue: number]

const INK = '#161a22'
const PAPER = '#ffffff'
const MUTED = '#586070'
const FALLBACK_BRAND = '#33415c'
const USED_UP_BRAND = '#6d7480'

/** `#rgb` or `#rrggbb` as `#rrggbb`; null for anything else. */
const readHex = (text: string): string | null => {
  const digits = /^#?([\da-f]{6}|[\da-f]{3})$/i.exec(text.trim())?.[1]?.toLowerCase()
  if (digits === undefined) return null
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits}`
}

const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16)

const rgbOf = (hex: string): Rgb => [channel(hex, 1), channel(hex, 3), channel(hex, 5)]

const hexOf = (rgb: Rgb): string => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`

/** `share` of `over` laid on `under`; 0 is `under`, 1 is `over`. */
export const mix = (over: string, under: string, share: number): string => {
  const [a, b] = [rgbOf(over), rgbOf(under)]
  const blend = (i: 0 | 1 | 2) => a[i] * share + b[i] * (1 - share)
  return hexOf([blend(0), blend(1), blend(2)])
}

/** Relative luminance, 0 to 1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = (hex: string): number => {
  const linear = (value: number) =>
    value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
  const [red, green, blue] = rgbOf(hex)
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/** 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export const contrast = (a: string, b: string): number => {
  const [lighter, darker] = [Math.max(luminance(a), luminance(b)), Math.min(luminance(a), luminance(b))]
  return (lighter + 0.05) / (darker + 0.05)
}

/** White where it can be read, since it looks lighter on a strong colour. One of white and black always reaches 4.5:1. */
const textOn = (ground: string): string =>
  [PAPER, INK].find((candidate) => contrast(candidate, ground) >= 4.5) ?? '#000000'

const darkenUntil = (hex: string, ratio: number): string => {
  let shade = hex
  while (contrast(shade, PAPER) < ratio) shade = mix('#000000', shade, 0.06)
  return shade
}

/** A colour that white paper would swallow is greyed a little, so that the header still is one. */
const offPaper = (hex: string): string => (contrast(hex, PAPER) < 1.1 ? mix(INK, hex, 0.08) : hex)

/** Every colour of a picture. An unreadable `color` becomes a calm slate rather than a failed picture. */
export const paletteOf = (color: string, usedUp = false): Palette => {
  const brand = usedUp ? USED_UP_BRAND : offPaper(readHex(color) ?? FALLBACK_BRAND)
  const accent = darkenUntil(brand, 3)
  const stamp = contrast(brand, PAPER) < 1.25 ? accent : brand
  return {
    brand,
    onBrand: textOn(brand),
    accent,
    accentText: darkenUntil(brand, 4.5),
    stamp,
    onStamp: textOn(stamp),
    wash: mix(accent, PAPER, 0.1),
    line: mix(accent, PAPER, 0.28),
    ink: INK,
    muted: MUTED,
    paper: PAPER,
  }
}
