import { beforeAll, expect, test } from 'vitest'
import { createWording, type Wording } from '../../src/notify/wording.js'
import { LOCALES } from '../notify/locale-texts.js'
import { card, olena, voucher } from './people.js'
import { foundCustomer, SimulatedChat } from './simulated-chat.js'

let wording: Wording
beforeAll(async () => {
  wording = await createWording(LOCALES)
})

const lines = (chat: SimulatedChat): string => chat.transcript.join('\n')

test('en: a guest links with the link from the till, looks around, and says yes to news', () => {
  const chat = new SimulatedChat(wording, {}, { links: { 'tok-1': foundCustomer(olena()) } })
  chat.starts().starts('tok-1').presses('consent:yes:1:en').says('My card').says('my vouchers').says('/history')
  expect(lines(chat)).toBe(
    `
> /start
Hello! Demo Coffee here. This chat shows your stamp card, your rewards and your vouchers.
To see your card, share your phone number with the button below, or open your personal link from Demo Coffee.
Are you at the counter? Write /till.
No card yet? Get one here:
https://my.example/card
[Share my phone number]
(menu)
> /start tok-1
[picture: Your stamp card]
Done, Olena Kovalenko! This chat now shows your card at Demo Coffee.
Stamps: 5 of 8
3 more stamps to your next reward: Free coffee
Coffee card, No. 113772
(menu)
Demo Coffee may also send you news and offers, about 4 a month. You can stop any time. All right?
[Yes]
[No, only my card]
> (consent:yes:1:en)
Thank you! Demo Coffee will also send you news and offers. STOP ends them any time.
(menu)
> My card
[picture: Your stamp card]
Your stamp card at Demo Coffee
Stamps: 5 of 8
3 more stamps to your next reward: Free coffee
Coffee card, No. 113772
(menu)
> my vouchers
[picture: Your voucher]
Free coffee, Demo Coffee
Valid until June 11, 2026
Code: FREECOFFEE
Voucher No. V-4821
[Copy the code]
[Show to staff]
> /history
Your card at Demo Coffee, newest first:
• May 11, 2026: new voucher: Free coffee
• May 11, 2026: +2 stamps
• May 10, 2026: card issued
(menu)
`.trim(),
  )
})

test('uk: links with the own phone, wants no news, says СТОП, still sees the card, starts again', () => {
  const customer = olena({ name: 'Олена', cards: [card({ title: null, nextReward: 'Кава' })] })
  const chat = new SimulatedChat(wording, { chat: { language: 'uk' } }, { phones: { '+380501112233': customer } })
  chat.shares('+380501112233').presses('consent:no:1:uk').says('стоп').says('СТОП!').says('Моя картка').says('Старт')
  expect(lines(chat)).toBe(
    `
> (phone +380501112233)
[picture: Ваша картка зі штампами]
Олена, готово! Тепер цей чат показує вашу картку в «Demo Coffee».
Штампи: 5 із 8
Ще 3 штампи до наступної винагороди: Кава
Картка № 113772
(menu)
Чи може «Demo Coffee» надсилати вам також новини та пропозиції, приблизно 4 на місяць? Зупинити їх можна будь-коли.
[Так]
[Ні, лише моя картка]
> (consent:no:1:uk)
Добре, «Demo Coffee» писатиме лише про вашу картку та ваучери.
(menu)
> стоп
Ви більше не отримуватимете повідомлень від «Demo Coffee». Картка, як і раніше, відповідає на запити. СТАРТ знову вмикає повідомлення.
(menu)
> СТОП!
> Моя картка
[picture: Ваша картка зі штампами]
Ваша картка зі штампами в «Demo Coffee»
Штампи: 5 із 8
Ще 3 штампи до наступної винагороди: Кава
Картка № 113772
(menu)
> Старт
Повідомлення від «Demo Coffee» знову ввімкнено.
(menu)
`.trim(),
  )
  expect(chat.effects.map((effect) => effect.kind)).toEqual(['link', 'consentAsked', 'recordConsent', 'stop', 'resume'])
})

test('uk: a dead link, then nonsense twice, then a person to talk to', () => {
  const chat = new SimulatedChat(wording, { chat: { language: 'uk', canSharePhone: false } })
  chat.starts('stolen').says('агов').does({ kind: 'other' })
  expect(lines(chat)).toBe(
    `
> /start stolen
Це посилання більше не працює. Попросіть, будь ласка, нове в «Demo Coffee».
Щоб побачити картку, відкрийте своє особисте посилання. Запитайте про нього в «Demo Coffee».
Ви біля каси? Напишіть /till.
Ще не маєте картки? Отримайте її тут:
https://my.example/card
(menu)
> агов
Вибачте, ми вас не зрозуміли. Скористайтеся, будь ласка, меню.
Щоб побачити картку, відкрийте своє особисте посилання. Запитайте про нього в «Demo Coffee».
Ви біля каси? Напишіть /till.
Ще не маєте картки? Отримайте її тут:
https://my.example/card
(menu)
> (other)
Вибачте, ми вас не зрозуміли. Скористайтеся, будь ласка, меню.
Поговорити з людиною: +380 44 123 45 67
Щоб побачити картку, відкрийте своє особисте посилання. Запитайте про нього в «Demo Coffee».
Ви біля каси? Напишіть /till.
Ще не маєте картки? Отримайте її тут:
https://my.example/card
(menu)
`.trim(),
  )
  expect(chat.effects).toEqual([{ kind: 'countGuess' }])
})

test('ko: changes to Korean, lists vouchers in all states, disconnects', () => {
  const vouchers = [
    voucher({ title: '무료 커피' }),
    voucher({ id: 'v_2', number: 'V-2', title: '쿠키', state: 'redeemed' }),
    voucher({ id: 'v_3', number: 'V-3', title: '케이크', state: 'expired' }),
  ]
  const customer = olena({ name: '민준', vouchers, newsConsent: 'refused' })
  const chat = new SimulatedChat(wording, { who: { role: 'customer', customer } })
  chat.presses('language:ko').says('내 쿠폰').says('/unlink').presses('unlink:yes').says('내 쿠폰')
  expect(lines(chat)).toBe(
    `
> (language:ko)
이제부터 한국어로 안내해 드리겠습니다.
(menu)
> 내 쿠폰
Demo Coffee 쿠폰 목록입니다:
• 무료 커피: 2026년 6월 11일까지 사용 가능
• 쿠키: 사용 완료
• 케이크: 기간 만료
(menu)
[picture: 쿠폰]
무료 커피, Demo Coffee
유효기간: 2026년 6월 11일까지
코드: FREECOFFEE
쿠폰 번호 V-4821
[코드 복사]
[직원에게 보여주기]
> /unlink
이 채팅과 Demo Coffee 카드의 연결을 해제할까요? 카드는 그대로 유지됩니다.
[네, 해제할게요]
[아니요]
> (unlink:yes)
이 채팅과 Demo Coffee의 연결이 해제되었습니다.
> 내 쿠폰
아직 이 채팅에 카드가 연결되어 있지 않습니다.
카드를 보시려면 아래 버튼으로 전화번호를 보내 주시거나 Demo Coffee에서 받은 개인 링크를 열어 주세요.
매장에 계신가요? /till 을 보내 주세요.
아직 카드가 없으신가요? 여기에서 받으실 수 있습니다:
https://my.example/card
[내 전화번호 보내기]
(menu)
`.trim(),
  )
})

test('en: a staff group is linked, helped, silenced and disconnected, and never joins the talk', () => {
  const chat = new SimulatedChat(wording, { chat: { isPrivate: false } }, { links: { 'staff-1': { kind: 'staff' } } })
  chat.says('anybody here?').says('/card').starts('staff-1').says('stop').says('lunch?').presses('card')
  chat.says('/stop').says('/start').says('/unlink').presses('unlink:yes')
  expect(lines(chat)).toBe(
    `
> anybody here?
> /card
> /start staff-1
Done! Alerts of Demo Coffee come to this chat from now on. /help says what you can do here.
> stop
> lunch?
> (card)
This is a staff chat of Demo Coffee: alerts come here. /language changes the language, /stop silences alerts, /start turns them on again, /unlink disconnects this chat.
A guest shows a code of 4 digits? Type it here, or /till and the code, to connect their card.
A guest has a voucher? Type its number or code here, or /redeem and the code, or scan the guest's QR code.
A guest collects stamps? Type the card number here, or /stamp and the number, and choose how many.
> /stop
No more alerts of Demo Coffee in this chat. /start turns them on again.
> /start
Alerts of Demo Coffee come to this chat again.
> /unlink
Disconnect this chat? Alerts of Demo Coffee will not come here any more.
[Yes, disconnect]
[No]
> (unlink:yes)
This chat is disconnected from Demo Coffee.
`.trim(),
  )
})
