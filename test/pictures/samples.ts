import type { Brand, CardPicture, VoucherPicture } from '../../src/pictures/picture.js'

export const brand = (change: Partial<Brand> = {}): Brand => ({
  businessName: 'Demo Coffee',
  color: '#0f766e',
  logo: null,
  language: 'en',
  ...change,
})

export const card = (change: Partial<CardPicture> = {}): CardPicture => ({
  kind: 'card',
  brand: brand(),
  title: 'Coffee lovers card',
  stamps: 5,
  stampsGoal: 8,
  goals: [3, 8],
  nextReward: 'Free coffee of your choice',
  cardNumber: '7S-0412-8830',
  labels: { progress: '5 of 8 stamps', nextReward: 'Next reward', cardNumber: 'Card number' },
  ...change,
})

export const voucher = (change: Partial<VoucherPicture> = {}): VoucherPicture => ({
  kind: 'voucher',
  brand: brand(),
  title: 'Free coffee of your choice',
  description: 'Any size, hot or iced. One per visit.',
  redeemCode: 'COFFEE-7K2M',
  formats: ['text', 'qr', 'barcode'],
  voucherNumber: 'V-2026-000318',
  state: 'active',
  labels: { expires: 'Valid until 31 December 2026', voucherNumber: 'Voucher number', state: null },
  ...change,
})

export const redeemed = (change: Partial<VoucherPicture> = {}): VoucherPicture =>
  voucher({
    state: 'redeemed',
    labels: { expires: null, voucherNumber: 'Voucher number', state: 'Redeemed' },
    ...change,
  })
