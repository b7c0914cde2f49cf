import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Blob, Face, Font } from 'harfbuzzjs'

export type Weight = 'regular' | 'bold'

const require = createRequire(import.meta.url)

interface Typeface {
  /** Paths. */
  readonly files: Readonly<Record<Weight, string>>
  /** Characters this face is asked for. Only then is its file opened: Korean alone weighs 6 MB per weight. */
  readonly asksFor: RegExp
}

/** Noto Sans: Latin, Cyrillic, Greek, Vietnamese, Devanagari. Also draws the box for what no face has. */
const BASE: Typeface = {
  files: {
    regular: require.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'),
    bold: require.resolve('@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf'),
  },
  asksFor: /./su,
}

/** Korean, and most of Japanese and Chinese; it also has the arrows, stars and circled numbers that Noto Sans lacks. */
const EAST_ASIAN: Typeface = {
  files: {
    regular: require.resolve('@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf'),
    bold: require.resolve('@expo-google-fonts/noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf'),
  },
  asksFor:
    /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u2010-\u2bff\u3000-\u33ff\uff00-\uffef]/u,
}

/** A script is added by one more row here and its font package. */
const OTHERS: readonly Typeface[] = [
  {
    files: {
      regular: require.resolve('@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf'),
      bold: require.resolve('@expo-google-fonts/noto-sans-hebrew/700Bold/NotoSansHebrew_700Bold.ttf'),
    },
    asksFor: /\p{Script_Extensions=Hebrew}/u,
  },
  {
    files: {
      regular: require.resolve('@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf'),
      bold: require.resolve('@expo-google-fonts/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf'),
    },
    asksFor: /\p{Script_Extensions=Arabic}/u,
  },
  {
    files: {
      regular: require.resolve('@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf'),
      bold: require.resolve('@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf'),
    },
    asksFor: /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u,
  },
]

const EAST_ASIAN_LETTER = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

/** Which faces to try for a text, in order. East Asian text sets its digits and Latin in its own face too. */
const facesFor = (text: string): readonly Typeface[] =>
  EAST_ASIAN_LETTER.test(text) ? [EAST_ASIAN, BASE, ...OTHERS] : [BASE, ...OTHERS, EAST_ASIAN]

/** Joiners and variation selectors: they steer shaping and need no glyph of their own. */
const NEEDS_NO_GLYPH = /\p{Default_Ignorable_Code_Point}/u

const hasGlyphs = (font: Font, cluster: string): boolean =>
  [...cluster].every((char) => NEEDS_NO_GLYPH.test(char) || font.nominalGlyph(char.codePointAt(0) ?? 0) !== undefined)

export interface Fonts {
  /** For a text, the function that finds the font of each of its grapheme clusters. */
  chooserFor(text: string, weight: Weight): (cluster: string) => Font
}

/** Opens font files when a text first needs them, from the npm packages they come in; the system's fonts play no part. */
export const createFonts = (): Fonts => {
  const opened = new Map<string, Font>()
  const open = (file: string): Font => {
    const known = opened.get(file)
    if (known) return known
    const font = new Font(new Face(new Blob(readFileSync(file))))
    opened.set(file, font)
    return font
  }
  return {
    chooserFor(text, weight) {
      const faces = facesFor(text)
      return (cluster) => {
        for (const face of faces) {
          if (!face.asksFor.test(cluster)) continue
          const font = open(face.files[weight])
          if (hasGlyphs(font, cluster)) return font
        }
        return open(BASE.files[weight])
      }
    },
  }
}
