/** Every sentence of the setup pages. English only: they are for whoever runs the server, once; customers never see them. */
export const TEXTS = {
  title: 'Setup',
  openChat: 'Open the chat',
  needsScript: 'This page needs JavaScript.',

  welcome: {
    what: 'Here runs the chatbot that shows customers their stamp cards, rewards and vouchers.',
    forOwners: 'Is it yours?',
    howIn:
      'Look where you started the program: it printed an address after the word “Setup”. Open it in this browser, and this page becomes your checklist.',
    newLink: 'The address opens once. For a new one start the program again, or run',
    command: 'npm run cli -- setup-link',
    forGuests: 'Just looking?',
    tryIt: 'Try the chat as a guest would see it.',
  },

  opening: 'Opening the setup…',
  notOpened: 'The server cannot be reached. Open the link again in a moment.',
  notReached: 'The server cannot be reached. Trying again…',
  usedLink: {
    title: 'This setup link does not open any more',
    what: 'A link opens once, within 24 hours. This one has been used, or is too old.',
    newLink: 'For a new one start the program again, or run',
  },
  ended: 'This browser is not signed in to the setup any more.',
  signOut: 'Sign out of the setup',

  nowhere: {
    title: 'Not found',
    what: 'There is nothing at this address. It may be cut off or mistyped.',
  },

  done: 'Done',
  todo: 'To do',
  broken: 'Needs you',
  progress: (done: number, all: number) =>
    done === all ? 'Everything is set up.' : `${done} of ${all} done. This page follows by itself.`,

  messengers: {
    title: 'Messengers',
    telegram: 'Telegram',
    web: 'Web chat',
    off: 'Not connected. Make a bot with @BotFather in Telegram, then start the program with',
    offCommand: 'TELEGRAM_BOT_TOKEN=123456:ABC… npm start',
    unreached:
      'Telegram has not answered yet. It is tried again every 30 s; check that this machine reaches the internet.',
    mode: { polling: 'fetches updates itself (polling).', webhook: 'gets updates by webhook.' },
    ready: 'Ready.',
    paused: (time: string) => `Waits until ${time}, as it was asked to.`,
    down: (reason: string) => `Does not send: ${reason}`,
    revoked: 'If the token was revoked, set TELEGRAM_BOT_TOKEN to the new one and start again.',
    notEmbedded:
      'To show it on your own site too, set WEB_ALLOWED_ORIGINS to the site (https://www.example.com) and start again.',
    embedded: (sites: string) => `${sites} may show it. Put this line into their pages:`,
    unowned: 'Nobody sends for it: start a process with ROLE=worker, or with ROLE=all.',
  },

  webhook: {
    title: '7stamp’s webhook',
    where: 'Give 7stamp this address: admin.7stamp.com → Stamp Cards → API & Integrations → Webhooks.',
    label: 'Webhook address',
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'It was not copied. Select the address and copy it by hand.',
    secret: 'The address is a secret: whoever has it can send events.',
    https: (publicUrl: string) => `PUBLIC_URL is ${publicUrl}. 7stamp delivers to HTTPS only, so it can reach it.`,
    local: (publicUrl: string) =>
      `PUBLIC_URL is ${publicUrl}. 7stamp delivers to HTTPS only: put the server behind an HTTPS proxy, set PUBLIC_URL to that address and start again.`,
    unset:
      'PUBLIC_URL is not set. 7stamp delivers to HTTPS only: put the server behind an HTTPS proxy, set PUBLIC_URL to its address (https://…) and start again.',
  },

  events: {
    title: 'Events',
    last: 'Last event',
    none: 'Nothing yet',
    notDemo: 'Those of the demo’s people do not count here.',
    waiting: 'Waiting to be applied',
    dead: 'Dead letters',
    look: 'See them with',
    lookCommand: 'npm run cli -- events dead',
    states: {
      pending: 'waits',
      applied: 'applied',
      ignored: 'changed nothing',
      dead: 'failed five times',
      invalid: 'has wrong fields',
      unrecognised: 'has an unknown name',
    },
  },

  staff: {
    title: 'Your staff chat',
    why: 'Alerts, such as a goal that was reached, come to a staff chat. The link makes you the owner of one; it works once.',
    count: (count: number) => (count === 1 ? '1 chat is linked.' : `${count} chats are linked.`),
    none: 'No chat is linked yet.',
    make: 'Make a link',
    another: 'Make another link',
    made: (time: string) => `The link works once, until ${time}.`,
    onTelegram: 'Open in Telegram',
    onWeb: 'Open in the web chat',
    scanTelegram: 'Scan it to open Telegram on your phone',
    scanWeb: 'Scan it to open the web chat on your phone',
    thisMachineOnly: 'The web chat’s address works on this machine only, so there is no code for a phone.',
  },

  test: {
    title: 'A test voucher',
    why: 'Sends a voucher to the staff chat that was used last, the way that a customer’s takes. It says that it is a test, and no report counts it.',
    send: 'Send me a test voucher',
    needsChat: 'Link a staff chat first.',
    silenced: 'The staff chat was silenced with STOP. Say START there, then send again.',
    states: {
      pending: 'It is about to leave…',
      sending: 'It is on its way…',
      sent: 'It was sent. Look into the chat.',
      delivered: 'It has arrived. Look into the chat.',
      read: 'It was read.',
      failed: 'It could not be sent',
      skipped: 'It was not sent',
      cancelled: 'It was taken back',
      unknown: 'Nobody knows whether it arrived',
    },
  },
} as const
