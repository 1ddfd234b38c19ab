import { Injectable } from '@nestjs/common';
import { formatDate } from '../../../../kernel/local-time.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { Clock } from '../../../../kernel/clock.js';
import { CurrentDue, ProvidesCurrentDue } from '../../../conversations/index.js';
import { CurrentDueOf, type DueView, NoteAnswer } from '../../../customers/index.js';
import type { ListRow, MessageContent } from '../../../messaging/index.js';
import { type Answer, feedbackOf, tapId } from '../../domain/answers/answer.js';
import { isHindi, nothingOpenReply, type ReplyTo } from '../../domain/answers/replies.js';
import { AnsweringCustomers } from './answering-customers.js';

/** Dues that are told one by one; the others are summed up. */
const TOLD = 8;

const ROWS: Readonly<Record<'en' | 'hi', readonly (readonly [Answer, title: string])[]>> = {
  en: [
    ['WILL_PAY_TODAY', 'I will pay today'],
    ['PAID_TODAY', 'I have paid'],
    ['PAY_WEEK', 'I will pay this week'],
    ['PAY_SOON', 'I will pay soon'],
    ['NEED_STATEMENT', 'Send me a statement'],
  ],
  hi: [
    ['WILL_PAY_TODAY', 'आज भुगतान करूँगा/गी'],
    ['PAID_TODAY', 'भुगतान हो गया है'],
    ['PAY_WEEK', 'इस हफ़्ते करूँगा/गी'],
    ['PAY_SOON', 'जल्द करूँगा/गी'],
    ['NEED_STATEMENT', 'हिसाब भेजें'],
  ],
};

/** Tells a customer what they owe, with the answers they may give about the oldest of it (S0.68-S0.73). */
@Injectable()
@ProvidesCurrentDue()
export class TellCurrentDue extends CurrentDue {
  constructor(
    private readonly customers: AnsweringCustomers,
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly clock: Clock,
  ) {
    super();
  }

  async tell(contactId: string): Promise<MessageContent | undefined> {
    const customer = await this.customers.find(contactId);
    if (!customer) return undefined;
    const feedback = feedbackOf({ answer: 'CHECK_CURRENT_DUE' });
    await this.commands.execute(new NoteAnswer({ customerId: customer.id, feedback, at: this.clock.now() }));
    const { balance, openDues } = await this.queries.execute(new CurrentDueOf(customer.id));
    const [oldest] = openDues;
    if (!oldest || !balance.isPositive) return { type: 'text', body: nothingOpenReply(customer) };
    const language = isHindi(customer) ? 'hi' : 'en';
    const rows: ListRow[] = ROWS[language].map(([answer, title]) => ({ id: tapId(answer, oldest.id), title }));
    return {
      type: 'list',
      body: bodyOf(customer, balance.format(customer.locale), openDues),
      button: language === 'hi' ? 'जवाब दें' : 'Answer',
      sections: [{ title: language === 'hi' ? 'आपका जवाब' : 'Your answer', rows }],
    };
  }
}

function bodyOf(to: ReplyTo, balance: string, dues: readonly DueView[]): string {
  const hindi = isHindi(to);
  const head = hindi ? `आपका कुल बकाया: *${balance}*` : `You owe *${balance}*.`;
  const lines = dues.slice(0, TOLD).map((due) => `• ${lineOf(to, due)}`);
  const others = dues.length - lines.length;
  const more = others > 0 ? [hindi ? `… और ${others}` : `… and ${others} more`] : [];
  return [head, '', ...lines, ...more].join('\n');
}

function lineOf(to: ReplyTo, { outstanding, dueDate, status, description, reference }: DueView): string {
  const hindi = isHindi(to);
  const date = formatDate(dueDate, hindi ? 'hi-IN' : 'en-GB');
  const when = hindi
    ? `${date}${status === 'OVERDUE' ? ' (समय बीत गया)' : ' तक'}`
    : `${status === 'OVERDUE' ? 'was due' : 'due'} ${date}`;
  const what = description ?? reference;
  return `${outstanding.format(to.locale)}${what ? `, ${short(what)}` : ''}, ${when}`;
}

/** WhatsApp takes 4096 characters of a body; descriptions are the merchant's. */
function short(text: string): string {
  const characters = Array.from(text.replace(/\s+/gu, ' ').trim());
  return characters.length <= 60 ? characters.join('') : `${characters.slice(0, 59).join('')}…`;
}
