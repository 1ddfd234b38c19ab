import { type MessageContent, type RenderedTemplate, TemplateRefused } from '../../../messaging/index.js';
import type { FlowGraph } from '../../domain/flow-graph.js';
import type { FlowStep } from '../../domain/flow-step.js';
import { ACCOUNT_MENU } from '../../domain/presets/account-menu.js';
import { ACCOUNT_NUMBER } from '../../domain/presets/account-number.js';
import { FEEDBACK } from '../../domain/presets/feedback.js';
import { atOnce } from '../../domain/work.js';
import { play } from './play.js';
import type { TranscriptLine, TrialMessage } from './transcript.js';

const KNOWN = {
  'merchant.name': 'Corner Shop',
  'customer.balance': '₹1,500.00',
  'customer.statement': 'Statement',
  'statement.answered': 'Statement of the days',
};

/** All that steps show is there. */
const SUPPLIES = { check: (_: MessageContent): void => {}, render: (): RenderedTemplate | undefined => undefined };

function tried(
  { flow }: { readonly flow: Omit<FlowGraph, 'version'> },
  messages: readonly TrialMessage[],
  known: Record<string, string> = KNOWN,
  supplies = SUPPLIES,
) {
  const graph: FlowGraph = { ...flow, version: 1 };
  const onceStopped = ({ from = '?' }: Readonly<Record<string, string>>) =>
    new Map([['statement.answered', `Nothing since ${from}`]]);
  const listener = { language: undefined, values: new Map(Object.entries(known)), onceStopped, supplies };
  return atOnce(play(graph, messages, listener, new Date('2026-11-21T10:00:00Z')));
}

const told = ({ from, text, buttons, note }: TranscriptLine): string =>
  `${from}: ${text ?? note ?? ''}${buttons.length > 0 ? ` [${buttons.map(({ title }) => title).join('|')}]` : ''}`;

describe('A trial shows what a customer would see, and sends nothing', () => {
  it('plays taps by their titles, with a follow-up of each answer (S2.101)', () => {
    for (const [title, follows] of [
      ['Good', 'Wonderful, thank you! We are glad to have you with us.'],
      ['OK', 'Thank you. What could we do better? Please write it in a few words.'],
      ['Bad', 'We are sorry to hear that. Somebody from Corner Shop will write to you here.'],
    ])
      expect(tried(FEEDBACK, [{ text: 'feedback' }, { tap: title! }]).transcript.map(told)).toEqual([
        'customer: feedback',
        'flow: How was your experience with Corner Shop? [Good|OK|Bad]',
        `customer: ${title}`,
        `flow: ${follows}`,
      ]);
  });

  it('leads from the menu over balance and statement to a range of days (S2.102)', () => {
    const { transcript } = tried(ACCOUNT_MENU, [
      { text: 'menu' },
      { tap: 'Balance' },
      { tap: 'Statement' },
      { tap: 'Date range' },
      { text: 'yesterday' },
      { text: '1/11/2026' },
      { text: '21/11/2026' },
    ]);
    expect(transcript.filter(({ from }) => from === 'flow').map(told)).toEqual([
      'flow: Welcome to Corner Shop. What would you like to see? [Balance|Statement]',
      'flow: Your balance is ₹1,500.00. [Statement|Menu]',
      'flow: Which days should the statement cover? [This month|Last month|Date range]',
      'flow: From which day? Please write it like 30/11/2026.',
      'flow: That is no day that I understand. Please write it like 30/11/2026.',
      'flow: Until which day?',
      'flow: Statement of the days',
    ]);
  });

  it('collects, confirms and answers, and remembers state and answers (S2.103)', () => {
    const { transcript } = tried(ACCOUNT_NUMBER, [
      { text: 'account statement' },
      { text: '12' },
      { text: '1234567' },
      { tap: 'No, change it' },
      { text: '7654321' },
      { tap: 'Yes' },
    ]);
    expect(
      transcript.filter(({ from }) => from === 'flow').map(({ stepKey, edge, state }) => [stepKey, edge, state]),
    ).toEqual([
      ['number_ask', 'rule_number', 'default'],
      ['number_unclear', 'invalid', 'default'],
      ['number_confirm', 'collects', 'number_given'],
      ['number_ask', 'btn_number_no', 'number_given'],
      ['number_confirm', 'collects', 'number_given'],
      ['number_statement', 'btn_number_yes', 'number_confirmed'],
    ]);
    expect(transcript.map(({ text }) => text)).toContain('Is 7654321 your account number?');
  });

  it('names the values that nobody gave, and shows what is said instead (C19)', () => {
    const { transcript } = tried(ACCOUNT_MENU, [{ text: 'menu' }], {});
    expect(transcript.slice(1)).toMatchObject([
      { kind: 'nothing', stepKey: 'account_menu', note: 'MISSING_VARIABLES', missing: ['merchant.name'] },
      { stepKey: 'account_sorry', edge: 'fallback' },
    ]);
  });

  it('says who answers where the flow does not', () => {
    const { transcript } = tried(FEEDBACK, [{ text: 'hi' }, { text: 'what' }, { text: 'STOP' }, { tap: 'Maybe' }]);
    expect(transcript.filter(({ from }) => from !== 'customer').map(({ note }) => note)).toEqual([
      'HOUSE_MENU',
      'NOT_RECOGNISED',
      'CONSENT_WORD',
      'NOT_RECOGNISED',
    ]);
  });

  it('is silent after a hand-off until a restart word, which leads to the menu of the house where no rule takes it', () => {
    const greets = {
      id: 'r_hi',
      match: { type: 'equals', values: ['hi'] },
      action: { type: 'send_template', templateKey: 'feedback_ask' },
    } as const;
    const restarted = (rules: FlowGraph['rules']) =>
      tried({ ...FEEDBACK, flow: { ...FEEDBACK.flow, rules } }, [
        { text: 'feedback' },
        { tap: 'Bad' },
        { text: 'feedback' },
        { text: 'Start over!' },
      ])
        .transcript.filter(({ from }) => from !== 'customer')
        .map(({ stepKey, note }) => stepKey ?? note);
    const before = ['feedback_ask', 'feedback_bad', 'PEOPLE_ANSWER'];
    expect(restarted(FEEDBACK.flow.rules)).toEqual([...before, 'HOUSE_MENU']);
    expect(restarted([...FEEDBACK.flow.rules, greets])).toEqual([...before, 'feedback_ask']);
  });

  it('answers the same tap on the same message once, as the engine does (C58)', () => {
    const { transcript } = tried(FEEDBACK, [
      { text: 'feedback' },
      { tap: 'Good' },
      { tap: 'Good' },
      { tap: 'OK' },
      { text: 'fine' },
      { text: 'feedback' },
      { tap: 'Good' },
    ]);
    expect(transcript.filter(({ from }) => from === 'flow').map(({ stepKey, note }) => note ?? stepKey)).toEqual([
      'feedback_ask',
      'feedback_good',
      'REPEATED_TAP',
      'feedback_ok',
      'feedback_noted',
      'feedback_ask',
      'feedback_good',
    ]);
  });

  it('hears what a button says, not its id alone: "Stop" is the wish to be left alone (D8)', () => {
    const branches = [{ id: 'btn_end', title: 'Stop', nextTemplateKey: 'end' }];
    const menu = step('menu', { kind: 'interactive_button', branches });
    const { transcript } = tried({ flow: flowOf(menu, step('end')) }, [{ text: 'x' }, { tap: 'btn_end' }]);
    expect(transcript.slice(-2)).toMatchObject([
      { from: 'customer', text: 'Stop' },
      { from: 'house', note: 'CONSENT_WORD' },
    ]);
  });

  it('knows more from STOP on, which opens books, but nothing against what it was told', () => {
    const ask = step('ask', { collects: { as: 'from', nextTemplateKey: 'days' } });
    const days = step('days', { body: '{{statement.answered}}' });
    const messages = ['x', 'today', 'STOP', 'restart', 'x', 'today'].map((text) => ({ text }));
    const answers = (known: Record<string, string>) =>
      tried({ flow: flowOf(ask, days) }, messages, known)
        .transcript.filter(({ stepKey }) => stepKey === 'days')
        .map(({ text, note }) => text ?? note);
    expect(answers({})).toEqual(['MISSING_VARIABLES', 'Nothing since today']);
    expect(answers({ 'statement.answered': 'Much' })).toEqual(['Much', 'Much']);
  });

  it('leaves START to the house after STOP, and takes it for a greeting otherwise (D8)', () => {
    const start = {
      id: 'r',
      match: { type: 'equals', values: ['start'] },
      action: { type: 'send_template', templateKey: 'feedback_ask' },
    } as const;
    const flow = { ...FEEDBACK.flow, rules: [...FEEDBACK.flow.rules, start] };
    const { transcript } = tried(
      { flow },
      ['start', 'STOP', 'START', 'start'].map((text) => ({ text })),
    );
    expect(transcript.filter(({ from }) => from !== 'customer').map(({ stepKey, note }) => stepKey ?? note)).toEqual([
      'feedback_ask',
      'CONSENT_WORD',
      'CONSENT_WORD',
      'feedback_ask',
    ]);
  });

  it('has no value that is blank (C19)', () => {
    const { transcript } = tried({ flow: flowOf(step('due', { body: '{{customer.balance}}' })) }, [{ text: 'x' }], {
      'customer.balance': ' ',
    });
    expect(transcript.at(-1)).toMatchObject({ note: 'MISSING_VARIABLES', missing: ['customer.balance'] });
  });

  describe('of a template of WhatsApp', () => {
    const due = step('due', {
      kind: 'whatsapp_template',
      body: '',
      whatsappTemplate: { name: 'due_today', language: 'en' },
      branches: [{ id: 'btn_paid', title: 'I paid', nextTemplateKey: 'thanks' }],
    });
    const flow = { ...flowOf(due, step('thanks'), step('what')), fallbackTemplateKey: 'what' };

    it('shows what the customer sees, and plays its quick replies; the others are left alone', () => {
      const render = (): RenderedTemplate => ({
        header: { kind: 'text', text: 'Due' },
        body: 'It is due today.',
        buttons: [
          { kind: 'quick_reply', text: 'Already paid' },
          { kind: 'quick_reply', text: 'Call me' },
          { kind: 'url', text: 'Pay', url: 'https://x.example' },
        ],
      });
      const messages = [{ text: 'x' }, { tap: 'Call me' }, { tap: 'Already paid' }, { text: 'y' }];
      const { transcript } = tried({ flow }, messages, {}, { ...SUPPLIES, render });
      expect(transcript.filter(({ from }) => from !== 'customer').map(told)).toEqual([
        'flow: Due\nIt is due today. [Already paid|Call me]',
        'house: NOT_RECOGNISED',
        'flow: thanks',
        'flow: what',
      ]);
    });

    it('says when it would be refused, and what is said instead', () => {
      const check = ({ type }: MessageContent): void => {
        if (type === 'template') throw new TemplateRefused('due_today', []);
      };
      const { transcript } = tried({ flow }, [{ text: 'x' }], {}, { ...SUPPLIES, check });
      expect(transcript.slice(1)).toMatchObject([
        { kind: 'nothing', stepKey: 'due', note: 'TEMPLATE_REFUSED' },
        { stepKey: 'what', edge: 'fallback' },
      ]);
    });
  });

  it('lets others go on after each message (F57)', () => {
    const messages = Array.from({ length: 100 }, () => ({ text: 'feedback' }));
    const values = new Map<string, string>();
    const listener = { language: undefined, values, onceStopped: () => values, supplies: SUPPLIES };
    expect([...play({ ...FEEDBACK.flow, version: 1 }, messages, listener, new Date())]).toHaveLength(100);
  });

  it('checks what was expected, message by message', () => {
    const { checks, passed } = tried(FEEDBACK, [
      { text: 'feedback', expect: { stepKey: 'feedback_ask', text: 'Corner' } },
      { tap: 'Good', expect: { state: 'feedback_bad' } },
      { text: 'what', expect: { stepKey: null } },
    ]);
    expect(passed).toBe(false);
    expect(checks).toMatchObject([
      { message: 0, passed: true },
      { message: 1, passed: false, found: { stepKey: 'feedback_good', state: 'feedback_good' } },
      { message: 2, passed: true },
    ]);
  });
});

function step(key: string, more: Partial<FlowStep> = {}): FlowStep {
  return {
    key,
    kind: 'text',
    body: key,
    branches: [],
    language: 'en',
    translations: {},
    handsOff: false,
    isActive: true,
    ...more,
  };
}

/** "x" leads to the first step. */
function flowOf(...steps: readonly [FlowStep, ...FlowStep[]]): Omit<FlowGraph, 'version'> {
  const action = { type: 'send_template', templateKey: steps[0].key } as const;
  return { steps, rules: [{ id: 'r', match: { type: 'equals', values: ['x'] }, action }], restartWords: [] };
}
