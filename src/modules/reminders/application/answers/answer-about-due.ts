import { Injectable } from '@nestjs/common';
import { localDate } from '../../../../kernel/local-time.js';
import { Money } from '../../../../kernel/money.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { HandlesIntent, IntentHandler, type MessageContext } from '../../../conversations/index.js';
import { StatementText } from '../../../customers/index.js';
import { readTap, type SaidAnswer } from '../../domain/answers/answer.js';
import { onCalendar, understand } from '../../domain/answers/phrases.js';
import {
  firstHoldsReply,
  NO_DUES,
  nothingOpenReply,
  promisedReply,
  repeatedReply,
  settledReply,
  unknownDueReply,
} from '../../domain/answers/replies.js';
import { AnsweringCustomers } from './answering-customers.js';
import { TakeAnswer, type TakenAnswer } from './take-answer.js';
import { TellCurrentDue } from './tell-current-due.js';

/** A menu of the house has this id without a due; its taps end with the menu (S0.84) and are not ours. */
const MENU_ROW = 'CHECK_CURRENT_DUE';

interface Given {
  readonly answer: SaidAnswer;
  readonly dueId: string | undefined;
  readonly source: 'tap' | 'text';
  readonly said: string;
}

/**
 * Takes what a customer answers about a due: a tap on a reminder or on the list of answers, or their own words (S0.67-S0.73, S0.75, C21).
 * Taps carry their due and mean the same at any time (C5).
 */
@Injectable()
@HandlesIntent({ name: 'reminders.answer', priority: 400, tapsExpire: 'never' })
export class AnswerAboutDue extends IntentHandler {
  constructor(
    private readonly customers: AnsweringCustomers,
    private readonly currentDue: TellCurrentDue,
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {
    super();
  }

  recognizes({ message: { body } }: MessageContext): boolean {
    if (body.type === 'text') return understand(body.text) !== undefined;
    return (
      body.type === 'tap' && readTap(body.id) !== undefined && (body.id !== MENU_ROW || body.source === 'template')
    );
  }

  async answer(context: MessageContext): Promise<void> {
    const given = await this.#given(context);
    // A day that is too far ahead to be waited for is a matter for people.
    if (!given) return;
    const { contactId } = context.thread;
    if (given.answer.answer === 'CHECK_CURRENT_DUE') {
      const told = await this.currentDue.tell(contactId);
      return context.reply(told ?? { type: 'text', body: NO_DUES });
    }
    const { wamid } = context.message;
    const taken = await this.commands.execute(
      new TakeAnswer({ ...given, customerId: contactId, wamid, at: context.writtenAt }),
    );
    const body = await this.#replyTo(taken, given);
    if (body !== undefined) await context.reply({ type: 'text', body });
  }

  async #given({ message: { body }, thread, writtenAt }: MessageContext): Promise<Given | undefined> {
    if (body.type === 'tap') {
      const tap = readTap(body.id);
      return tap && { answer: { answer: tap.answer }, dueId: tap.dueId, source: 'tap', said: body.title };
    }
    const phrase = body.type === 'text' ? understand(body.text) : undefined;
    if (!phrase || body.type !== 'text') return undefined;
    const zone = (await this.customers.find(thread.contactId))?.zone ?? 'UTC';
    const answer = onCalendar(phrase, localDate(writtenAt, zone));
    return answer && { answer, dueId: undefined, source: 'text', said: body.text };
  }

  /** Undefined: words about paying from somebody who owes nothing are for people, not for a bot. */
  async #replyTo(taken: TakenAnswer, { answer, source }: Given): Promise<string | undefined> {
    const { customer: to } = taken;
    const wantsStatement = answer.answer === 'NEED_STATEMENT';
    if (!to) return source === 'tap' || wantsStatement ? NO_DUES : undefined;
    if (wantsStatement && taken.outcome !== 'unknown-due') return this.queries.execute(new StatementText(to.id));
    switch (taken.outcome) {
      case 'nothing-open':
        return source === 'tap' ? nothingOpenReply(to) : undefined;
      case 'settled':
        return settledReply(to);
      case 'unknown-due':
        return unknownDueReply(to);
      case 'noted':
        return undefined;
      default: {
        const { answer: promised, promisedFor, amountMinor, currency } = taken.commitment;
        const about = { answer: promised, promisedFor, amount: Money.of(amountMinor, currency) };
        if (taken.outcome === 'promised') return promisedReply(to, about);
        return taken.outcome === 'repeated' ? repeatedReply(to, about) : firstHoldsReply(to, about);
      }
    }
  }
}
