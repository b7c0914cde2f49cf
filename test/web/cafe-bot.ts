import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import { PNG } from 'pngjs'
import type { OutgoingPicture } from '../../bots/messenger.js'
import type { TestBot } from './open-web-chat.js'

/** A small café's bot for the page to talk to: enough to see everything that a message can be. */
export const cafeBot: TestBot = async ({ input }, send) => {
  const say = (text: string, more = {}) => send({ id: randomUUID(), text, ...more })
  if (input.kind === 'start')
    return input.payload === null ? say('Welcome to Demo Coffee!', { menu: MENU }) : say(`Linked by ${input.payload}`)
  if (input.kind === 'action') return say(`You pressed ${input.action}`)
  if (input.kind !== 'text') return
  switch (input.text) {
    case 'My card':
      return say('3 of 8 stamps', { picture: cardPicture })
    case 'My vouchers':
      return say('Your voucher “Free coffee”', { buttons: BUTTONS })
    case 'quiet':
      return
    default:
      return say(`You said: ${input.text}`)
  }
}

const MENU = [['My card', 'My vouchers'], ['Help']]

const BUTTONS = [
  [{ kind: 'copy', label: 'Copy code', text: 'FREECOFFEE' }],
  [
    { kind: 'action', label: 'Show card', action: 'card' },
    { kind: 'url', label: 'Menu', url: 'https://cafe.example/menu' },
    { kind: 'url', label: 'Trap', url: 'javascript:document.title="caught"' },
  ],
]

const PICTURE = PNG.sync.write(new PNG({ width: 800, height: 400, colorType: 2 }))

const cardPicture: OutgoingPicture = {
  id: 'card',
  altText: 'Stamp card: 3 of 8 stamps',
  png: async () => PICTURE,
}

/** Serves the bot's pictures, after `delayMs`. */
export const pictureRoutes = (delayMs = 0): Router => {
  const router = Router()
  router.get('/media/card.png', async (_req, res) => {
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    res.type('png').send(PICTURE)
  })
  return router
}
