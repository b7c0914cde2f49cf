/** The page's own few words; what the bot says comes in the reader's language already. */
export interface Words {
  readonly conversation: string
  readonly message: string
  readonly send: string
  readonly menu: string
  readonly you: string
  readonly online: string
  readonly connecting: string
  readonly offline: string
  readonly sending: string
  readonly sent: string
  readonly notSent: string
  readonly retry: string
  readonly newMessages: string
  readonly copied: string
  readonly enlarge: string
  readonly close: string
  readonly noPicture: string
  readonly tooLong: string
  readonly elsewhere: string
}

const EN: Words = {
  conversation: 'Conversation',
  message: 'Message',
  send: 'Send',
  menu: 'Menu',
  you: 'You',
  online: 'Online',
  connecting: 'Connecting…',
  offline: 'No connection. Trying again…',
  sending: 'Sending',
  sent: 'Sent',
  notSent: 'Not sent',
  retry: 'Try again',
  newMessages: 'New messages',
  copied: 'Copied',
  enlarge: 'Enlarge',
  close: 'Close',
  noPicture: 'The picture did not load. Try again',
  tooLong: 'This message is too long.',
  elsewhere: 'This chat is open in other tabs. Continue here',
}

const WORDS: Readonly<Record<string, Words>> = {
  en: EN,
  uk: {
    conversation: 'Розмова',
    message: 'Повідомлення',
    send: 'Надіслати',
    menu: 'Меню',
    you: 'Ви',
    online: 'На зв’язку',
    connecting: 'З’єднуємось…',
    offline: 'Немає з’єднання. Пробуємо ще…',
    sending: 'Надсилається',
    sent: 'Надіслано',
    notSent: 'Не надіслано',
    retry: 'Спробувати ще',
    newMessages: 'Нові повідомлення',
    copied: 'Скопійовано',
    enlarge: 'Збільшити',
    close: 'Закрити',
    noPicture: 'Зображення не завантажилося. Спробувати ще',
    tooLong: 'Повідомлення задовге.',
    elsewhere: 'Чат відкрито в інших вкладках. Продовжити тут',
  },
  de: {
    conversation: 'Unterhaltung',
    message: 'Nachricht',
    send: 'Senden',
    menu: 'Menü',
    you: 'Sie',
    online: 'Online',
    connecting: 'Verbinden…',
    offline: 'Keine Verbindung. Neuer Versuch…',
    sending: 'Wird gesendet',
    sent: 'Gesendet',
    notSent: 'Nicht gesendet',
    retry: 'Erneut versuchen',
    newMessages: 'Neue Nachrichten',
    copied: 'Kopiert',
    enlarge: 'Vergrößern',
    close: 'Schließen',
    noPicture: 'Das Bild wurde nicht geladen. Erneut versuchen',
    tooLong: 'Diese Nachricht ist zu lang.',
    elsewhere: 'Dieser Chat ist in anderen Tabs offen. Hier fortsetzen',
  },
  es: {
    conversation: 'Conversación',
    message: 'Mensaje',
    send: 'Enviar',
    menu: 'Menú',
    you: 'Tú',
    online: 'En línea',
    connecting: 'Conectando…',
    offline: 'Sin conexión. Reintentando…',
    sending: 'Enviando',
    sent: 'Enviado',
    notSent: 'No enviado',
    retry: 'Reintentar',
    newMessages: 'Mensajes nuevos',
    copied: 'Copiado',
    enlarge: 'Ampliar',
    close: 'Cerrar',
    noPicture: 'La imagen no se ha cargado. Reintentar',
    tooLong: 'Este mensaje es demasiado largo.',
    elsewhere: 'Este chat está abierto en otras pestañas. Continuar aquí',
  },
  pl: {
    conversation: 'Rozmowa',
    message: 'Wiadomość',
    send: 'Wyślij',
    menu: 'Menu',
    you: 'Ty',
    online: 'Online',
    connecting: 'Łączenie…',
    offline: 'Brak połączenia. Próbujemy ponownie…',
    sending: 'Wysyłanie',
    sent: 'Wysłano',
    notSent: 'Nie wysłano',
    retry: 'Spróbuj ponownie',
    newMessages: 'Nowe wiadomości',
    copied: 'Skopiowano',
    enlarge: 'Powiększ',
    close: 'Zamknij',
    noPicture: 'Obraz się nie wczytał. Spróbuj ponownie',
    tooLong: 'Ta wiadomość jest za długa.',
    elsewhere: 'Ten czat jest otwarty w innych kartach. Kontynuuj tutaj',
  },
  fr: {
    conversation: 'Conversation',
    message: 'Message',
    send: 'Envoyer',
    menu: 'Menu',
    you: 'Vous',
    online: 'En ligne',
    connecting: 'Connexion…',
    offline: 'Pas de connexion. Nouvel essai…',
    sending: 'Envoi en cours',
    sent: 'Envoyé',
    notSent: 'Non envoyé',
    retry: 'Réessayer',
    newMessages: 'Nouveaux messages',
    copied: 'Copié',
    enlarge: 'Agrandir',
    close: 'Fermer',
    noPicture: 'L’image ne s’est pas chargée. Réessayer',
    tooLong: 'Ce message est trop long.',
    elsewhere: 'Ce chat est ouvert dans d’autres onglets. Continuer ici',
  },
  it: {
    conversation: 'Conversazione',
    message: 'Messaggio',
    send: 'Invia',
    menu: 'Menu',
    you: 'Tu',
    online: 'Online',
    connecting: 'Connessione…',
    offline: 'Nessuna connessione. Nuovo tentativo…',
    sending: 'Invio in corso',
    sent: 'Inviato',
    notSent: 'Non inviato',
    retry: 'Riprova',
    newMessages: 'Nuovi messaggi',
    copied: 'Copiato',
    enlarge: 'Ingrandisci',
    close: 'Chiudi',
    noPicture: 'L’immagine non è stata caricata. Riprova',
    tooLong: 'Questo messaggio è troppo lungo.',
    elsewhere: 'Questa chat è aperta in altre schede. Continua qui',
  },
  pt: {
    conversation: 'Conversa',
    message: 'Mensagem',
    send: 'Enviar',
    menu: 'Menu',
    you: 'Você',
    online: 'Online',
    connecting: 'Conectando…',
    offline: 'Sem conexão. Tentando de novo…',
    sending: 'Enviando',
    sent: 'Enviada',
    notSent: 'Não enviada',
    retry: 'Tentar de novo',
    newMessages: 'Novas mensagens',
    copied: 'Copiado',
    enlarge: 'Ampliar',
    close: 'Fechar',
    noPicture: 'A imagem não carregou. Tentar de novo',
    tooLong: 'Esta mensagem é longa demais.',
    elsewhere: 'Este chat está aberto em outras abas. Continuar aqui',
  },
  ko: {
    conversation: '대화',
    message: '메시지',
    send: '보내기',
    menu: '메뉴',
    you: '나',
    online: '온라인',
    connecting: '연결 중…',
    offline: '연결이 끊겼습니다. 다시 시도하는 중…',
    sending: '보내는 중',
    sent: '보냄',
    notSent: '보내지 못함',
    retry: '다시 시도',
    newMessages: '새 메시지',
    copied: '복사됨',
    enlarge: '크게 보기',
    close: '닫기',
    noPicture: '이미지를 불러오지 못했습니다. 다시 시도',
    tooLong: '메시지가 너무 깁니다.',
    elsewhere: '다른 탭에서 이 대화가 열려 있습니다. 여기서 계속하기',
  },
}

/** The words for the first of the browser's languages that has some, with the tag that they and dates are in. */
export const wordsFor = (languages: readonly string[]): { words: Words; language: string } => {
  for (const language of languages) {
    const words = WORDS[language.toLowerCase().split('-')[0] ?? '']
    if (words) return { words, language }
  }
  return { words: EN, language: 'en' }
}
