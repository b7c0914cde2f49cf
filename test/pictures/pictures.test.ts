import { afterEach, describe, expect, test } from 'vitest'
import type { Picture, Pictures } from '../../src/pictures/picture.js'
import { createPictures, type PicturesOptions } from '../../src/pictures/pictures.js'
import { pixelAt, sizeOf } from './reading.js'
import { brand, card, redeemed, voucher } from './samples.js'

const opened: Pictures[] = []
afterEach(() => Promise.all(opened.splice(0).map((pictures) => pictures.close())))

const open = (options?: PicturesOptions): Pictures => {
  const pictures = createPictures(options)
  opened.push(pictures)
  return pictures
}

const svgLogo = (body: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 92 92">${body}</svg>`).toString('base64')}`

/** The middle of the logo on a voucher. */
const logoPixel = (png: Buffer): string => pixelAt(png, 96 + 46, 36 + 52 + 46)

describe('a picture is named by its content', () => {
  const { idOf } = createPictures()

  test('equal content has an equal id, in whichever order it was put together', () => {
    const reordered = Object.fromEntries(Object.entries(voucher()).reverse()) as unknown
    expect(idOf(reordered as Picture)).toBe(idOf(voucher()))
    expect(idOf(JSON.parse(JSON.stringify(card())))).toBe(idOf(card()))
  })

  test('every change gives another id', () => {
    const ids = [
      voucher(),
      redeemed(),
      voucher({ title: 'Free tea' }),
      voucher({ formats: ['qr'] }),
      voucher({ brand: brand({ color: '#000000' }) }),
      card(),
      card({ stamps: 6 }),
      card({ stamps: null }),
    ].map(idOf)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('an id fits into a file name and a URL', () => {
    expect(idOf(card())).toMatch(/^[\da-f]{32}$/)
  })
})

describe('rendering once', () => {
  test('those who ask at the same time, and later, get the very same picture', async () => {
    const pictures = open()
    const [a, b] = await Promise.all([pictures.render(voucher()), pictures.render(voucher())])
    expect(b).toBe(a)
    expect(await pictures.render(voucher())).toBe(a)
  })

  test('what no longer fits into memory is drawn again, the same', async () => {
    const pictures = open({ rememberBytes: 1000 })
    const first = await pictures.render(voucher())
    const second = await pictures.render(voucher())
    expect(second).not.toBe(first)
    expect(second.equals(first)).toBe(true)
  })

  test('many pictures at once are all drawn, each its own', async () => {
    const pictures = open({ threads: 2 })
    const pngs = await Promise.all(Array.from({ length: 12 }, (_, stamps) => pictures.render(card({ stamps }))))
    expect(new Set(pngs.map((png) => png.toString('base64'))).size).toBe(9)
  })

  test('after close no picture is drawn', async () => {
    const pictures = open()
    await pictures.close()
    await expect(pictures.render(card())).rejects.toThrow('closed')
  })
})

describe('languages', () => {
  test.each([
    ['uk', 'Картка кавомана'],
    ['ko', '커피 스탬프 카드'],
    ['ar', 'بطاقة محبي القهوة'],
    ['he', 'כרטיס קפה'],
    ['en', 'Free coffee ☕🎉👩‍🍳'],
    ['th', 'กาแฟฟรี'],
  ])('%s: %s', async (language, title) => {
    const png = await open().render(card({ title, brand: brand({ language, businessName: title }) }))
    expect(sizeOf(png).width).toBe(1080)
  })
})

describe('colours', () => {
  test('the header has the colour of the business', async () => {
    expect(pixelAt(await open().render(card({ brand: brand({ color: '#be123c' }) })), 50, 150)).toBe('#be123c')
  })

  test.each(['', 'red; "/><script>', '#12', 'rgb(1,2,3)', '#gggggg'])(
    '%j is no colour: a calm one is taken',
    async (color) => {
      expect(pixelAt(await open().render(card({ brand: brand({ color }) })), 50, 150)).toBe('#33415c')
    },
  )
})

describe('logos', () => {
  test('an SVG logo is drawn in the place of the initial', async () => {
    const logo = svgLogo('<rect width="92" height="92" fill="#ff0000"/>')
    expect(logoPixel(await open().render(voucher({ brand: brand({ logo }) })))).toBe('#ff0000')
  })

  test('a picture is a logo too', async () => {
    const logo = `data:image/png;base64,${(await open().render(card())).toString('base64')}`
    const withLogo = await open().render(voucher({ brand: brand({ logo }) }))
    expect(withLogo.equals(await open().render(voucher()))).toBe(false)
  })

  const header = Buffer.alloc(33)
  header.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  header.writeUInt32BE(60_000, 16)
  header.writeUInt32BE(60_000, 20)

  test.each([
    ['a file of the server', '/etc/hostname'],
    ['a web address', 'https://example.com/logo.png'],
    ['no image', 'data:text/html;base64,AAAA'],
    ['nothing', ''],
    ['not base64', 'data:image/png;base64,"/><image href="/etc/hostname'],
    ['broken', 'data:image/png;base64,AAAA'],
    ['a JPEG without a frame', 'data:image/jpeg;base64,/9j/2wAE'],
    ['of 3.6 billion pixels', `data:image/png;base64,${header.toString('base64')}`],
    ['of many megabytes', `data:image/png;base64,${'A'.repeat(3_000_000)}`],
  ])('one that is %s gives way to the initial', async (_, logo) => {
    const pictures = open()
    const png = await pictures.render(voucher({ brand: brand({ logo }) }))
    expect(png.equals(await pictures.render(voucher()))).toBe(true)
  })

  test('one that the drawing thread fails on costs nobody their voucher, and is not tried again at once', async () => {
    const pictures = open({ threads: 1, worker: new URL('./logo-hating-worker.mjs', import.meta.url) })
    const logo = svgLogo('<circle r="9"/>')
    const ordersSoFar = async (picture: Picture) => (await pictures.render(picture))[0]
    expect(await ordersSoFar(voucher())).toBe(1)
    expect(await ordersSoFar(voucher({ brand: brand({ logo }) }))).toBe(3)
    expect(await ordersSoFar(card({ brand: brand({ logo }) }))).toBe(4)
  })

  test('a logo cannot read files of the server', async () => {
    const logo = svgLogo(
      `<rect width="92" height="92" fill="#00ff00"/><image width="92" height="92" href="${import.meta.dirname}/../../node_modules/@expo-google-fonts/noto-sans/font-family.png"/>`,
    )
    expect(logoPixel(await open().render(voucher({ brand: brand({ logo }) })))).toBe('#00ff00')
  })
})
