import { type CalendarDate, formatDate } from '../../../../kernel/local-time.js';
import type { Money } from '../../../../kernel/money.js';
import type { PromiseAnswer } from './answer.js';

/** Who is answered: in which language, and whom they owe. */
export interface ReplyTo {
  /** BCP 47; what is not Hindi is answered in English. */
  readonly locale: string;
  readonly companyName: string;
}

interface Promised {
  readonly answer: PromiseAnswer;
  readonly promisedFor: CalendarDate;
  readonly amount: Money;
}

/** A promise was taken. */
export function promisedReply(to: ReplyTo, { answer, promisedFor, amount }: Promised): string {
  const money = amount.format(to.locale);
  if (answer === 'PAID_TODAY')
    return isHindi(to)
      ? `धन्यवाद! हमने ${to.companyName} को बता दिया है कि आपने भुगतान कर दिया है। जाँच के बाद इसकी पुष्टि हो जाएगी।`
      : `Thank you! We have told ${to.companyName} that you have paid. They will check and confirm it.`;
  return isHindi(to)
    ? `धन्यवाद! हमने लिख लिया है: ${money}, ${day(to, answer, promisedFor)}।`
    : `Thank you! We have noted that you will pay ${money} ${day(to, answer, promisedFor)}.`;
}

/** The same answer again (C58). */
export function repeatedReply(to: ReplyTo, { answer, promisedFor }: Promised): string {
  if (answer === 'PAID_TODAY')
    return isHindi(to)
      ? `यह हमें पता है, धन्यवाद। ${to.companyName} इसकी जाँच करेंगे।`
      : `We know that already, thank you. ${to.companyName} will check it.`;
  return isHindi(to)
    ? `यह पहले से लिखा है: ${day(to, answer, promisedFor)}। धन्यवाद।`
    : `We have that noted already: you will pay ${day(to, answer, promisedFor)}. Thank you.`;
}

/** Another answer while a promise is open, and the first holds (C58). */
export function firstHoldsReply(to: ReplyTo, { answer, promisedFor }: Promised): string {
  const claim = answer === 'PAID_TODAY';
  if (isHindi(to))
    return claim
      ? `आपने बताया था कि भुगतान हो गया है; ${to.companyName} इसकी जाँच कर रहे हैं। इसे बदलने के लिए कृपया ${to.companyName} से बात करें।`
      : `आपका वादा लिखा हुआ है: ${day(to, answer, promisedFor)}। इसे बदलने के लिए कृपया ${to.companyName} से बात करें।`;
  return claim
    ? `You told us that you have paid; ${to.companyName} is checking it. To change that, please ask ${to.companyName}.`
    : `You have promised to pay ${day(to, answer, promisedFor)}. To change that, please ask ${to.companyName}.`;
}

/** To somebody on whom no books are kept, whose language nobody knows. */
export const NO_DUES = 'There are no dues on record for you.';

export function nothingOpenReply(to: ReplyTo): string {
  return isHindi(to) ? 'आपका कुछ भी बाकी नहीं है। धन्यवाद!' : 'There is nothing left for you to pay. Thank you!';
}

/** The due that was meant is settled; others may be open. */
export function settledReply(to: ReplyTo): string {
  return isHindi(to) ? 'इसका पूरा भुगतान हो चुका है। धन्यवाद!' : 'Nothing is left to pay of that one. Thank you!';
}

export function unknownDueReply(to: ReplyTo): string {
  return isHindi(to)
    ? 'क्षमा करें, हमें पता नहीं कि आप किस बकाया की बात कर रहे हैं। मेनू के लिए Hi लिखें।'
    : 'Sorry, we do not know which payment you mean. Type Hi to see the menu.';
}

/** Money came while the customer was being reminded, or had promised it (D2). @param left undefined: nothing */
export function thanksReply(to: ReplyTo, amount: Money, left: Money | undefined): string {
  const money = amount.format(to.locale);
  if (isHindi(to))
    return left
      ? `धन्यवाद! ${to.companyName} को ${money} मिल गए। अब ${left.format(to.locale)} बाकी हैं।`
      : `धन्यवाद! ${to.companyName} को ${money} मिल गए। अब कुछ भी बाकी नहीं है।`;
  return left
    ? `Thank you! ${to.companyName} has received ${money}. ${left.format(to.locale)} is left to pay.`
    : `Thank you! ${to.companyName} has received ${money}. Nothing is left to pay.`;
}

function day(to: ReplyTo, answer: PromiseAnswer, promisedFor: CalendarDate): string {
  const date = formatDate(promisedFor, isHindi(to) ? 'hi-IN' : 'en-GB');
  switch (answer) {
    case 'PAY_TODAY':
    case 'WILL_PAY_TODAY':
    case 'PAID_TODAY':
    case 'PAY_ON_DATE':
      return isHindi(to) ? `${date} को` : `on ${date}`;
    case 'PAY_WEEK':
    case 'PAY_SOON':
      return isHindi(to) ? `${date} तक` : `by ${date}`;
  }
}

export function isHindi({ locale }: Pick<ReplyTo, 'locale'>): boolean {
  return /^hi\b/i.test(locale.replaceAll('_', '-'));
}
