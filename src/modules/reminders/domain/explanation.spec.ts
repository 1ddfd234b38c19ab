import { explain, explainReason, gatesOf, type RecordedDecision } from './explanation.js';
import { decide, type Gate, GATES, type ReminderFacts } from './send-decision.js';

const now = new Date('2026-11-21T03:35:00Z'); // 09:05 in Kolkata
const tomorrow = new Date('2026-11-22T03:35:00Z');
const open: ReminderFacts = {
  now,
  scheduledFor: new Date('2026-11-21T03:30:00Z'),
  due: { outstandingMinor: 500_000, settled: undefined, dueDate: '2026-11-24', pausedUntil: undefined },
  optedOutAt: undefined,
  isBlocked: false,
  isReplanned: false,
  supersededBy: undefined,
  lastSentAt: undefined,
  limitedUntil: undefined,
  contactableAt: now,
  lateAfterMinutes: 720,
  hasAddress: true,
  hasSender: true,
  template: 'interactive_before_due1',
  missingVariables: [],
};
const due = open.due!;

/** One set of facts a gate: the gate is shut, those before it are open. */
const SHUT: Readonly<Record<Gate, Partial<ReminderFacts>>> = {
  PAID: { due: { ...due, outstandingMinor: 0, settled: 'PAID' } },
  WRITTEN_OFF: { due: { ...due, outstandingMinor: 0, settled: 'WRITTEN_OFF' } },
  PAUSED: { due: { ...due, pausedUntil: tomorrow } },
  OPTED_OUT: { optedOutAt: new Date('2026-11-20T10:00:00Z') },
  CONVERSATION_BLOCKED: { isBlocked: true },
  REPLANNED: { isReplanned: true },
  SUPERSEDED: { supersededBy: 'another' },
  TOO_LATE: { scheduledFor: new Date('2026-11-20T03:30:00Z') },
  COOLDOWN: { lastSentAt: new Date('2026-11-20T12:00:00Z') },
  DAILY_LIMIT: { limitedUntil: new Date('2026-11-21T18:30:00Z') },
  QUIET_HOURS: { contactableAt: tomorrow },
  NO_ADDRESS: { hasAddress: false },
  NO_CREDENTIALS: { hasSender: false },
  NO_TEMPLATE: { template: undefined },
  MISSING_VARIABLE: { missingVariables: ['amount', 'companyname'] },
};

const SENTENCES: Readonly<Record<Gate, string>> = {
  PAID: 'Not sent: the due is paid.',
  WRITTEN_OFF: 'Not sent: the due was written off.',
  PAUSED: 'Not sent yet: reminders of this due are paused until 22 Nov 2026, 09:05.',
  OPTED_OUT: 'Not sent: the customer asked on 20 Nov 2026, 15:30 to hear no more.',
  CONVERSATION_BLOCKED: 'Not sent: the conversation with the customer is blocked.',
  REPLANNED: 'Not sent: the plan of the due changed, and it is no part of it any more.',
  SUPERSEDED: 'Not sent: another reminder of this due takes its place.',
  TOO_LATE: 'Not sent: it was for 20 Nov 2026, 09:00, and more than 12 hours late it is not sent any more.',
  COOLDOWN:
    'Not sent yet: the customer got the same reminder on 20 Nov 2026, 17:30, less than 24 hours before; next look 21 Nov 2026, 17:30.',
  DAILY_LIMIT:
    'Not sent yet: the customer has had as many reminders as one may get on a day; next look 22 Nov 2026, 00:00.',
  QUIET_HOURS:
    'Not sent yet: it was outside the hours in which the customer may be contacted; next look 22 Nov 2026, 09:05.',
  NO_ADDRESS: 'Not sent: the customer has no phone number to write to.',
  NO_CREDENTIALS: 'Not sent yet: no connected WhatsApp number could send; next look 21 Nov 2026, 10:05.',
  NO_TEMPLATE: 'Not sent: there is no template for it, and outside a conversation WhatsApp allows nothing else.',
  MISSING_VARIABLE: 'Not sent: nothing fills amount, companyname in the template interactive_before_due1.',
};

function decisionOn(facts: ReminderFacts): RecordedDecision {
  const verdict = decide(facts);
  return {
    at: facts.now,
    occasion: 'sweep',
    verdict: verdict.then,
    reason: verdict.then === 'send' ? undefined : verdict.gate,
    nextAt: verdict.then === 'defer' ? verdict.until : undefined,
    facts,
  };
}

describe('Every decision is explained in a sentence that a merchant understands (D4, S0.34)', () => {
  it.each(GATES)('%s', (gate) => {
    const decision = decisionOn({ ...open, ...SHUT[gate] });
    expect(decision.reason).toBe(gate);
    expect(explain(decision, 'Asia/Kolkata')).toBe(SENTENCES[gate]);
  });

  it('a pause is explained by the promise that it came from', () => {
    const decision = { ...decisionOn({ ...open, ...SHUT.PAUSED }), promise: { promisedFor: '2026-11-21' as const } };
    expect(explain(decision, 'Asia/Kolkata')).toBe(
      'Not sent yet: the customer promised to pay by 21 Nov 2026; reminders wait until 22 Nov 2026, 09:05.',
    );
  });

  it.each([
    ['sweep', 'Handed over to be sent: nothing stood in the way.'],
    ['send', 'Let go: nothing had come in between when it was its turn.'],
    ['outcome', 'Sent: WhatsApp took the message.'],
  ] as const)('what goes out, at the %s', (occasion, sentence) => {
    expect(explain({ ...decisionOn(open), occasion }, 'Asia/Kolkata')).toBe(sentence);
  });

  it("a refusal of WhatsApp's, with its code", () => {
    const refused: RecordedDecision = {
      at: now,
      occasion: 'outcome',
      verdict: 'fail',
      reason: '131026',
      nextAt: undefined,
      facts: undefined,
    };
    expect(explain(refused, 'Asia/Kolkata')).toBe('Not sent: WhatsApp did not take the message (131026).');
  });

  it('a lost answer is called what it is: nobody knows', () => {
    const lost = { ...decisionOn(open), occasion: 'outcome', verdict: 'defer', reason: 'MAYBE_SENT' } as const;
    expect(explain(lost, 'Asia/Kolkata')).toBe("Not known: WhatsApp's answer was lost, so it may have been sent.");
    expect(explainReason('MAYBE_SENT')).toBe("WhatsApp's answer was lost, so it may have been sent.");
  });

  it("times are the customer's", () => {
    expect(explain(decisionOn({ ...open, ...SHUT.PAUSED }), 'America/New_York')).toContain('21 Nov 2026, 22:35');
  });

  it('a reason alone is explained as well', () => {
    expect(explainReason('CANCELLED_BY_USER')).toBe('It was cancelled by hand.');
    expect(explainReason('NOBODY_ANSWERS_FOR_IT')).toBe('Reminders were switched off when it was its turn.');
    expect(explainReason('REPLANNED')).toBe('The plan of the due changed, and it is no part of it any more.');
    expect(explainReason('TOO_LATE')).toBe('It was too late for it.');
  });
});

describe('The gates are shown in their fixed order with what they saw (S0.46)', () => {
  it.each(GATES)('up to %s, which is shut', (gate) => {
    const decision = decisionOn({ ...open, ...SHUT[gate] });
    const seen = gatesOf(decision.facts!, decision.reason);
    expect(seen.map((each) => each.gate)).toEqual(GATES);
    const position = GATES.indexOf(gate);
    expect(seen.map(({ passed }) => passed)).toEqual(
      GATES.map((_, index) => (index < position ? true : index === position ? false : null)),
    );
    expect(seen.every(({ passed, saw }) => (passed === null) === (Object.keys(saw).length === 0))).toBe(true);
  });

  it('all are open when it goes out', () => {
    expect(gatesOf(open, undefined).every(({ passed }) => passed === true)).toBe(true);
  });

  it('without a due, nobody asks whether it is paid', () => {
    const { due: _, ...aboutNoDue } = open;
    const seen = new Map(gatesOf(aboutNoDue, undefined).map(({ gate, passed }) => [gate, passed]));
    expect([seen.get('PAID'), seen.get('WRITTEN_OFF'), seen.get('PAUSED'), seen.get('OPTED_OUT')]).toEqual([
      null,
      null,
      null,
      true,
    ]);
  });
});
