import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { formatDate } from '../../../../kernel/local-time.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { OpenWindows } from '../../../conversations/index.js';
import { contactableAt, CurrentContactPolicy } from '../../../customers/index.js';
import { FindReadyNumber, type MessageContent } from '../../../messaging/index.js';
import { assess, type House, stageOn } from '../../domain/assessment.js';
import { LocalDays } from '../../domain/local-days.js';
import {
  renderTemplate,
  resolveTemplate,
  type TemplateOverride,
  type TemplateSlot,
} from '../../domain/reminder-template.js';
import { decide } from '../../domain/send-decision.js';
import { ReminderTemplates } from '../templates/reminder-templates.js';
import { type Decision, DueReminders, type LeftReminder, type ReminderCase } from './due-reminders.js';

/** A decision, and what it sends. */
export interface Judgement {
  readonly decision: Decision;
  readonly content: MessageContent | undefined;
}

interface Writing {
  readonly content: MessageContent | undefined;
  readonly template: string | undefined;
  readonly language: string;
  readonly missing: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Decides on reminders with what holds at this moment. The sweep asks when they are due, the follower before they leave. */
@Injectable()
export class ReminderJudge {
  readonly #days = new LocalDays();

  constructor(
    private readonly queries: Queries,
    private readonly reminders: DueReminders,
    private readonly templates: ReminderTemplates,
    private readonly clock: Clock,
  ) {}

  /** @param phoneNumberId the number that they are to leave from; undefined while none may send */
  async judge(cases: readonly ReminderCase[], phoneNumberId: string | undefined): Promise<Judgement[]> {
    const now = this.clock.now();
    const policy = await this.queries.execute(new CurrentContactPolicy());
    const overrides = await this.templates.list();
    const inWindow = await this.#inWindow(cases, phoneNumberId);
    const left = policy.maxPerDay === undefined ? [] : await this.#leftToday(cases, now);
    const leftTo = Map.groupBy(left, ({ customerId }) => customerId);
    const house: House = {
      policyVersion: policy.version,
      maxPerDay: policy.maxPerDay,
      lateAfterMinutes: policy.lateAfterMinutes,
      contactableAt: (zone, at) => contactableAt(policy, zone, at),
      hasSender: phoneNumberId !== undefined,
      days: this.#days,
    };
    return cases.map((one) => {
      const writing = this.#write(one, overrides, inWindow.has(one.customerId), now);
      const words = { template: writing.template, missingVariables: writing.missing };
      const sentToday = this.#countToday(one, leftTo.get(one.customerId) ?? [], now);
      const facts = assess(
        { ...one.situation, sentToday },
        words,
        { ...house, hasSender: house.hasSender && !one.isSuspended },
        now,
      );
      const verdict = decide(facts);
      const decision = { case: one, at: now, facts, verdict, policyVersion: policy.version };
      if (verdict.then !== 'send') return { decision, content: undefined };
      const { template: templateName = '', language: templateLanguage, variables, content } = writing;
      return { decision: { ...decision, sends: { templateName, templateLanguage, variables } }, content };
    });
  }

  /** The number that may send for the merchant at this moment. */
  findNumber(): Promise<string | undefined> {
    return this.queries.execute(new FindReadyNumber());
  }

  /** Only those that carry words of the merchant's own may go as text, and only inside the window (C41). */
  async #inWindow(cases: readonly ReminderCase[], phoneNumberId: string | undefined): Promise<ReadonlySet<string>> {
    const speakers = cases.filter(({ message }) => message !== undefined).map(({ customerId }) => customerId);
    if (phoneNumberId === undefined || speakers.length === 0) return new Set();
    return this.queries.execute(new OpenWindows(phoneNumberId, speakers));
  }

  #leftToday(cases: readonly ReminderCase[], now: Date): Promise<readonly LeftReminder[]> {
    const starts = cases.map(({ situation }) => this.#days.of(situation.zone, now).startsAt.getTime());
    return this.reminders.leftSince(
      [...new Set(cases.map(({ customerId }) => customerId))],
      new Date(Math.min(...starts)),
    );
  }

  /** What is on its way together counts in the order in which it was handed over. */
  #countToday({ situation, queuedAt }: ReminderCase, left: readonly LeftReminder[], now: Date): number {
    const { startsAt } = this.#days.of(situation.zone, now);
    return left.filter((other) => {
      if (other.id === situation.reminder.id) return false;
      if (other.sentAt) return other.sentAt >= startsAt;
      return other.queuedAt! >= startsAt && wasQueuedBefore(other, situation.reminder.id, queuedAt);
    }).length;
  }

  #write(one: ReminderCase, overrides: readonly TemplateOverride[], inWindow: boolean, now: Date): Writing {
    const { situation, message, customerName, companyName, amount, locale, dueId } = one;
    const language = locale.split('-')[0]!;
    if (inWindow && message !== undefined)
      return {
        content: { type: 'text', body: message },
        template: 'text',
        language,
        missing: [],
        variables: { message },
      };
    const template = resolveTemplate(this.#slotOf(one, now), overrides, language);
    if (!template) return { content: undefined, template: undefined, language, missing: [], variables: {} };
    const dueDate = situation.due && formatDate(situation.due.dueDate, locale === 'en' ? undefined : locale);
    const given = {
      name: customerName,
      amount: amount?.format(locale),
      duedate: dueDate,
      companyname: companyName,
      message,
    };
    const { content, missing } = renderTemplate(template, given, dueId);
    const variables = Object.fromEntries(
      Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    return { content, template: template.name, language: template.language, missing, variables };
  }

  #slotOf({ situation: { reminder, due, zone } }: ReminderCase, now: Date): TemplateSlot {
    if (reminder.kind !== 'PAYMENT_DUE') return reminder.kind;
    return due ? stageOn(due.dueDate, this.#days.of(zone, now).date) : 'before_due';
  }
}

/** Of those that were handed over together, the ids decide. */
function wasQueuedBefore({ id, queuedAt }: LeftReminder, askerId: string, askerQueuedAt: Date | undefined): boolean {
  if (!askerQueuedAt) return true;
  const apart = queuedAt!.getTime() - askerQueuedAt.getTime();
  return apart < 0 || (apart === 0 && id < askerId);
}
