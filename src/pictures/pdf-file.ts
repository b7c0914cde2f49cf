import { deflateSync } from 'node:zlib'

/** A picture of pixels for a PDF. */
export interface PdfImage {
  readonly widthPx: number
  readonly heightPx: number
  /** Red, green and blue of each pixel, row by row. */
  readonly rgb: Buffer
}

export interface PdfPage {
  readonly widthPt: number
  readonly heightPt: number
  /** The page's drawing, in PDF's operators. */
  readonly content: string
  /** How opaque `/O0`, `/O1`… of the drawing are. */
  readonly opacities: readonly number[]
  /** `/I0`, `/I1`… of the drawing. */
  readonly images: readonly PdfImage[]
  readonly title: string
  /** BCP 47 */
  readonly language: string
}

/** A document of one page (ISO 32000-1, PDF 1.4): catalogue, page, content, images, and what it is called. */
export const pdfFile = (page: PdfPage): Buffer => {
  const { widthPt, heightPt, content, opacities, images, title, language } = page
  const firstImage = 6
  const states = opacities.map((opacity, i) => `/O${i} << /ca ${opacity} >>`).join(' ')
  const pictures = images.map((_, i) => `/I${i} ${firstImage + i} 0 R`).join(' ')
  return fileOf([
    object(
      `<< /Type /Catalog /Pages 2 0 R /Lang ${textOf(language)} /ViewerPreferences << /DisplayDocTitle true >> >>`,
    ),
    object('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    object(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${widthPt} ${heightPt}] /Contents 4 0 R ` +
        `/Resources << /ExtGState << ${states} >> /XObject << ${pictures} >> >> >>`,
    ),
    stream('', Buffer.from(content)),
    object(`<< /Title ${textOf(title)} >>`),
    ...images.map(({ widthPx, heightPx, rgb }) =>
      stream(
        `/Type /XObject /Subtype /Image /Width ${widthPx} /Height ${heightPx} /ColorSpace /DeviceRGB /BitsPerComponent 8 `,
        rgb,
      ),
    ),
  ])
}

const object = (text: string): Buffer => Buffer.from(text)

const stream = (entries: string, data: Buffer): Buffer => {
  const packed = deflateSync(data)
  return Buffer.concat([
    Buffer.from(`<< ${entries}/Filter /FlateDecode /Length ${packed.length} >>\nstream\n`),
    packed,
    Buffer.from('\nendstream'),
  ])
}

/** Any text, as UTF-16 in hexadecimal. */
const textOf = (text: string): string => `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`

/** The first object is the catalogue, the fifth says what the document is called. */
const fileOf = (objects: readonly Buffer[]): Buffer => {
  const parts = [Buffer.from('%PDF-1.4\n%\u00ff\u00ff\u00ff\u00ff\n', 'latin1')]
  const starts: number[] = []
  let length = parts[0]?.length ?? 0
  for (const [index, body] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')])
    starts.push(length)
    parts.push(part)
    length += part.length
  }
  const table = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  const end = `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${length}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(end)])
}
