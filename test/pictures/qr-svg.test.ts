import { Resvg } from '@resvg/resvg-js'
import { expect, test } from 'vitest'
import { qrSvg } from '../../src/pictures/qr-svg.js'
import { scan } from './reading.js'

test('an address as a QR code on a page is read by a scanner', async () => {
  const address = 'https://t.me/corner_coffee_bot?start=abcdefghijklmnopqrstuvwx'
  const png = new Resvg(qrSvg(address) ?? '', { fitTo: { mode: 'width', value: 176 } }).render().asPng()
  expect(await scan(png)).toEqual([`QRCode ${address}`])
})

test('what makes no code gives none', () => {
  expect(qrSvg('')).toBeNull()
  expect(qrSvg('x'.repeat(700))).toBeNull()
})
