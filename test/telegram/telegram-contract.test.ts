import type { InlineKeyboardButton } from 'grammy/types'
import { expect } from 'vitest'
import type { Button } from '../../bots/messenger.js'
import { type MessengerSetting, messengerContract } from '../contracts/messenger.js'
import type { ShownMessage } from '../doubles/telegram-chats.js'
import { ACCEPT_THEN_DROP, tooManyRequests } from '../doubles/telegram-faults.js'
import { openTelegram } from './open-telegram.js'

const open = async (): Promise<MessengerSetting> => {
  const { double, messenger, close } = await openTelegram()
  const user = double.user(7001, { language_code: 'uk' })
  let isAway = false
  return {
    messenger,
    address: String(user.id),
    shown: async () => user.sees().map(seen),
    press: async (label) => user.presses(user.sees().at(-1)?.messageId ?? 0, label),
    say: async (text) => user.says(text),
    faults: {
      block: async () => void user.blocks(),
      dropAnswers: async () => double.fault(ACCEPT_THEN_DROP),
      async refuseConnections() {
        isAway = true
        await double.goAway()
      },
      stall: async () => double.fault({ kind: 'slow', delayMs: 5_000 }),
      throttle: async () => double.fault(tooManyRequests(3)),
    },
    async recover() {
      expect(double.violations).toEqual([])
      if (isAway) await double.comeBack()
      isAway = false
      double.clearFaults()
      user.unblocks()
    },
    close,
  }
}

const seen = ({ text, photo, buttons, silent }: ShownMessage) => ({
  text,
  picture: photo?.bytes ?? null,
  buttons: buttons.map((row) => row.map(buttonOf)),
  silent,
})

const buttonOf = (button: InlineKeyboardButton): Button => {
  const { text: label } = button
  if ('callback_data' in button) return { kind: 'action', label, action: button.callback_data }
  if ('copy_text' in button) return { kind: 'copy', label, text: button.copy_text.text }
  if ('url' in button) return { kind: 'url', label, url: button.url }
  throw new Error(`a button of another kind: ${label}`)
}

messengerContract('Telegram', open, ['block', 'dropAnswers', 'refuseConnections', 'stall', 'throttle'])
