import { inflateSync } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'

/**
 * A PDF of one page as a viewer shows it, as far as our posters go. What it shows is that the file is well formed (its table
 * of objects, its streams) and that its operators, followed one by one, draw the page; that real viewers and printers read
 * the same was looked at by hand, since none of them is on every machine.
 */
export interface ShownPage {
  readonly widthPt: number
  readonly heightPt: number
  readonly title: string
  /** Drawn with so many pixels in its width; pictures of pixels are left out. */
  png(widthPx: number): Buffer
  readonly images: readonly { readonly width: number; readonly height: number; readonly rgb: Buffer }[]
}

export const readPdf = (pdf: Buffer): ShownPage => {
  const objects = objectsOf(pdf)
  const one = (type: RegExp): PdfObject => {
    const found = objects.find(({ head }) => type.test(head))
    if (!found) throw new Error(`the file has no ${type}`)
    return found
  }
  const page = one(/\/Type \/Page\b(?!s)/)
  const [, widthPt = 0, heightPt = 0] = (/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(page.head) ?? []).map(Number)
  const contentNumber = Number(/\/Contents (\d+) 0 R/.exec(page.head)?.[1])
  const content = objects[contentNumber - 1]?.data.toString() ?? ''
  const opacities = new Map(
    [...page.head.matchAll(/\/(O\d+) << \/ca ([\d.]+) >>/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const [, title = ''] = /\/Title <feff([\da-f]*)>/.exec(one(/\/Title/).head) ?? []
  return {
    widthPt,
    heightPt,
    title: Buffer.from(title, 'hex').swap16().toString('utf16le'),
    png: (widthPx) => {
      const drawn = `<g transform="matrix(1 0 0 -1 0 ${heightPt})">${shapesOf(content, opacities)}</g>`
      const size = `width="${widthPx}" height="${Math.round((widthPx * heightPt) / widthPt)}"`
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${widthPt} ${heightPt}">${drawn}</svg>`
      return Buffer.from(new Resvg(svg, { background: 'white' }).render().asPng())
    },
    images: objects
      .filter(({ head }) => head.includes('/Subtype /Image'))
      .map(({ head, data }) => ({
        width: Number(/\/Width (\d+)/.exec(head)?.[1]),
        height: Number(/\/Height (\d+)/.exec(head)?.[1]),
        rgb: data,
      })),
  }
}

interface PdfObject {
  readonly head: string
  readonly data: Buffer
}

/** By the table at the end, as a viewer finds them. */
const objectsOf = (pdf: Buffer): readonly PdfObject[] => {
  const text = pdf.toString('latin1')
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  const [, count = 0] = (/^xref\n0 (\d+)\n/.exec(text.slice(table)) ?? []).map(Number)
  const starts = [...text.slice(table).matchAll(/(\d{10}) 00000 n \n/g)].map(([, start]) => Number(start))
  if (starts.length !== count - 1) throw new Error('the table of objects is broken')
  return starts.map((start, index) => {
    const [opening, head = ''] = /^\d+ 0 obj\n(.*)\n(?:stream\n|endobj\n)/.exec(text.slice(start)) ?? []
    if (!opening?.startsWith(`${index + 1} `)) throw new Error(`object ${index + 1} is not where it should be`)
    const length = Number(/\/Length (\d+) >>$/.exec(head)?.[1] ?? 0)
    const from = start + opening.length
    return { head, data: length === 0 ? Buffer.alloc(0) : inflateSync(pdf.subarray(from, from + length)) }
  })
}

/** PDF's operators as SVG's elements: both have the same model of outlines, fills and strokes. */
const shapesOf = (content: string, opacities: ReadonlyMap<string, string>): string => {
  let svg = ''
  let path = ''
  const groups = [0]
  let paint = new Map<string, string>()
  const saved: Map<string, string>[] = []
  for (const line of content.trimEnd().split('\n')) {
    const words = line.split(' ')
    const operator = words.pop()
    const set = (name: string, value: string | undefined) => void paint.set(name, value ?? '')
    const colour = () => `rgb(${words.map((part) => Math.round(Number(part) * 255)).join()})`
    switch (operator) {
      case 'q':
        saved.push(new Map(paint))
        groups.push(0)
        break
      case 'Q':
        svg += '</g>'.repeat(groups.pop() ?? 0)
        paint = saved.pop() ?? paint
        break
      case 'cm':
        svg += `<g transform="matrix(${words.join(' ')})">`
        groups.push((groups.pop() ?? 0) + 1)
        break
      case 'm':
      case 'l':
      case 'c':
      case 'h':
        path += operator === 'h' ? 'Z' : `${operator.toUpperCase()}${words.join(' ')}`
        break
      case 'rg':
        set('fill', colour())
        break
      case 'RG':
        set('stroke', colour())
        break
      case 'w':
        set('stroke-width', words[0])
        break
      case 'J':
        set('stroke-linecap', 'round')
        break
      case 'j':
        set('stroke-linejoin', 'round')
        break
      case 'gs':
        set('fill-opacity', opacities.get(words[0]?.slice(1) ?? ''))
        break
      case 'f':
      case 'S':
      case 'B': {
        const used = [...paint].filter(([name]) => operator !== 'S' || !name.startsWith('fill'))
        const attributes = used.map(([name, value]) => ` ${name}="${value}"`).join('')
        svg += `<path d="${path}"${operator === 'S' ? ' fill="none"' : ''}${attributes}/>`
        path = ''
        break
      }
      case 'Do':
        break
      default:
        throw new Error(`PDF has no operator ${operator}`)
    }
  }
  return svg + '</g>'.repeat(groups.pop() ?? 0)
}
