/** The launcher's own words, in the language of the page that it stands on. */
interface Words {
  readonly chat: string
  readonly close: string
}

const EN: Words = { chat: 'Chat', close: 'Close' }

const WORDS: Readonly<Record<string, Words>> = {
  en: EN,
  uk: { chat: 'Чат', close: 'Закрити' },
  de: { chat: 'Chat', close: 'Schließen' },
  es: { chat: 'Chat', close: 'Cerrar' },
  pl: { chat: 'Czat', close: 'Zamknij' },
  fr: { chat: 'Chat', close: 'Fermer' },
  it: { chat: 'Chat', close: 'Chiudi' },
  pt: { chat: 'Chat', close: 'Fechar' },
  ko: { chat: '채팅', close: '닫기' },
}

export const wordsFor = (language: string): Words => WORDS[language.toLowerCase().split('-')[0] ?? ''] ?? EN
