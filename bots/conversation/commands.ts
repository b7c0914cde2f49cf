/** A command of the messenger's own menu: `/card` is the action `card`. `description` is a phrase key. */
export interface Command {
  readonly command: string
  readonly description: string
}

/** In the order in which a messenger shows them. */
export const COMMANDS: readonly Command[] = [
  { command: 'card', description: 'commands.card' },
  { command: 'vouchers', description: 'commands.vouchers' },
  { command: 'history', description: 'commands.history' },
  { command: 'notifications', description: 'commands.notifications' },
  { command: 'till', description: 'commands.till' },
  { command: 'language', description: 'commands.language' },
  { command: 'help', description: 'commands.help' },
  { command: 'privacy', description: 'commands.privacy' },
  { command: 'stop', description: 'commands.stop' },
  { command: 'start', description: 'commands.start' },
  { command: 'unlink', description: 'commands.unlink' },
  { command: 'deletedata', description: 'commands.deletedata' },
  { command: 'menu', description: 'commands.menu' },
]

/** Commands of a staff chat that a code follows, as in `/till 4821`: in groups bots may hear commands only. */
export const takesCode = (command: string): boolean => command === 'till' || command === 'redeem'
