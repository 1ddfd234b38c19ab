import fc from 'fast-check';
import type { FlowGraph, FlowRule } from '../flow-graph.js';
import type { FlowStep } from '../flow-step.js';
import { checkFlow } from './check-flow.js';
import type { FindingPlace } from './finding.js';

const step = (key: string, more: Partial<FlowStep> = {}): FlowStep => ({
  key,
  kind: 'text',
  body: key,
  branches: [],
  language: 'en',
  translations: {},
  handsOff: false,
  isActive: true,
  ...more,
});
const menu = (key: string, ...ways: [title: string, to?: string][]): FlowStep =>
  step(key, {
    kind: 'interactive_button',
    branches: ways.map(([title, to], index) => ({
      id: `${key}_${index}`,
      title,
      ...(to !== undefined && { nextTemplateKey: to }),
    })),
  });
const rule = (id: string, to: string, type: 'equals' | 'contains' | 'regex', ...values: string[]): FlowRule => ({
  id,
  match: { type, values },
  action: { type: 'send_template', templateKey: to },
});
const graph = (more: Partial<FlowGraph>): FlowGraph => ({
  version: 1,
  steps: [],
  rules: [],
  restartWords: [],
  ...more,
});
const AROUND = {
  refusalsOf: () => [],
  variables: new Set(['customer.name']),
  whatsappTemplates: new Set(['due/en']),
  isStopWord: (text: string) => text === 'Stop',
};

/** `code place`, of everything that is found. */
function found(flow: FlowGraph): string[] {
  return checkFlow(flow, AROUND).map(({ severity, code, where }) => `${severity} ${code} ${place(where)}`.trim());
}

function place({ templateKey, ruleId, field }: FindingPlace): string {
  return [templateKey ?? ruleId, field].filter((part) => part !== undefined).join(' ');
}

const SOUND = graph({
  steps: [
    menu('menu', ['Ask', 'ask'], ['A person', 'person']),
    step('ask', { collects: { as: 'n', pattern: '[0-9]+', nextTemplateKey: 'menu', invalidTemplateKey: 'digits' } }),
    step('digits'),
    step('person', { handsOff: true }),
    step('fallback', { body: 'Sorry, {{customer.name}}? You said {{answers.n}}.' }),
  ],
  rules: [rule('r', 'menu', 'equals', 'menu')],
  fallbackTemplateKey: 'fallback',
});

const DUE = { name: 'due', language: 'en' };
const TEMPLATE: Partial<FlowStep> = { kind: 'whatsapp_template', body: '', whatsappTemplate: DUE };
const AUDIO = { kind: 'audio', link: 'https://x.example/a.mp3' } as const;

/** A sound flow, broken in one place. */
function broken(key: string, more: Partial<FlowStep>, flow: FlowGraph = SOUND): FlowGraph {
  return { ...flow, steps: flow.steps.map((one) => (one.key === key ? { ...one, ...more } : one)) };
}

describe('What is said about a flow (D16)', () => {
  it('is nothing where it is sound', () => {
    expect(found(SOUND)).toEqual([]);
  });

  it.each<[string, FlowGraph, string[]]>([
    [
      'a way to a step that is not there (S2.23)',
      broken('menu', { branches: [{ id: 'a', title: 'A', nextTemplateKey: 'gone' }] }, withRules('ask', 'person')),
      ['error UNKNOWN_TEMPLATE_KEY menu buttons[0].nextTemplateKey'],
    ],
    [
      'a way to a step that is switched off (S2.100)',
      broken('person', { isActive: false }),
      ['warning INACTIVE_TEMPLATE_KEY menu buttons[1].nextTemplateKey'],
    ],
    [
      'a fallback that is not there',
      { ...withRules(), fallbackTemplateKey: 'gone' },
      ['error UNKNOWN_TEMPLATE_KEY fallbackTemplateKey', 'warning UNREACHABLE fallback', 'info DEAD_END fallback'],
    ],
    ['a rule that leads nowhere', withRules('gone'), ['error UNKNOWN_TEMPLATE_KEY gone action.templateKey']],
    ['a step that nothing leads to', withSteps(step('lost', { handsOff: true })), ['warning UNREACHABLE lost']],
    [
      'steps that only lead to each other',
      withSteps(menu('a', ['B', 'b']), menu('b', ['A', 'a'])),
      ['warning UNREACHABLE a', 'warning LOOP_WITHOUT_EXIT a', 'warning UNREACHABLE b', 'warning LOOP_WITHOUT_EXIT b'],
    ],
    [
      'a step that only one leads to which is switched off',
      {
        ...withRules(
          'off',
          withSteps({ ...menu('off', ['Behind', 'behind']), isActive: false }, menu('behind', ['Menu', 'menu'])),
        ),
      },
      ['warning INACTIVE_TEMPLATE_KEY off action.templateKey', 'warning UNREACHABLE behind'],
    ],
    [
      'buttons that lead round without an end or a person',
      withRules('in', withSteps(menu('in', ['A', 'a']), menu('a', ['B', 'b'], ['Again', 'a']), menu('b', ['A', 'a']))),
      ['warning LOOP_WITHOUT_EXIT in', 'warning LOOP_WITHOUT_EXIT a', 'warning LOOP_WITHOUT_EXIT b'],
    ],
    [
      'buttons and questions that lead round',
      withRules('b', withSteps(menu('b', ['Q', 'q']), step('q', { collects: { as: 'a', nextTemplateKey: 'b' } }))),
      ['warning LOOP_WITHOUT_EXIT b', 'warning LOOP_WITHOUT_EXIT q'],
    ],
    ['nothing of a ring that one button leads out of', withRules('a', ring(['Person', 'person'])), []],
    ['a ring with a button that ends there', withRules('a', ring(['Enough'])), ['info DEAD_END a buttons[1]']],
    [
      'a ring with a step that is switched off: it has a fallback for a way out',
      withRules('a', {
        ...ring(),
        steps: ring().steps.map((one) => (one.key === 'b' ? { ...one, isActive: false } : one)),
      }),
      ['warning INACTIVE_TEMPLATE_KEY a buttons[0].nextTemplateKey'],
    ],
    ['a step after which nothing comes', withRules('end', withSteps(step('end'))), ['info DEAD_END end']],
    [
      'a button that leads nowhere',
      broken('menu', { branches: [...SOUND.steps[0]!.branches, { id: 'c', title: 'C' }] }),
      ['info DEAD_END menu buttons[2]'],
    ],
    [
      'questions without end',
      withRules(
        'q1',
        withSteps(
          step('q1', { collects: { as: 'a', nextTemplateKey: 'q2' } }),
          step('q2', { collects: { as: 'b', nextTemplateKey: 'q1' } }),
        ),
      ),
      ['warning ENDLESS_QUESTIONS q1 collects', 'warning ENDLESS_QUESTIONS q2 collects'],
    ],
    [
      'questions without end whose buttons lead to such questions too',
      withRules(
        'q1',
        withSteps(
          { ...menu('q1', ['Skip', 'q2']), collects: { as: 'a', nextTemplateKey: 'q2' } },
          step('q2', { collects: { as: 'b', nextTemplateKey: 'q1' } }),
        ),
      ),
      ['warning ENDLESS_QUESTIONS q1 collects', 'warning ENDLESS_QUESTIONS q2 collects'],
    ],
    ['a question that a person answers', broken('ask', { handsOff: true }), ['warning NEVER_ANSWERED ask collects']],
    [
      'a pattern that is no RE2',
      broken('ask', { collects: { ...SOUND.steps[1]!.collects!, pattern: '(?=x)' } }),
      ['error REGEX_REFUSED ask collects.pattern'],
    ],
    [
      'titles that are too long, or shown as a list (S2.24, C16)',
      broken('menu', { branches: titled('x'.repeat(25), 'y'.repeat(21)) }),
      ['error TITLE_TOO_LONG menu buttons[0].title', 'warning TITLE_SHOWN_IN_A_LIST menu buttons[1].title'],
    ],
    [
      'titles that are shown as a list, where the merchant takes none (S2.24, C16)',
      {
        ...broken('menu', {
          branches: titled('x'.repeat(21), 'y'.repeat(20)),
          translations: { en: { titles: { id1: 'z'.repeat(21) } } },
        }),
        strictTitles: true,
      },
      [
        'error TITLE_SHOWN_IN_A_LIST menu buttons[0].title',
        'error TITLE_SHOWN_IN_A_LIST menu translations.en.titles.id1',
      ],
    ],
    [
      'rows of lists keep their 24 characters there (C16)',
      {
        ...withRules(
          'rows',
          withSteps(step('rows', { kind: 'interactive_list', branches: titled('x'.repeat(24), 'Person') })),
        ),
        strictTitles: true,
      },
      [],
    ],
    [
      'titles that variables make short enough are not too long',
      broken('menu', { branches: titled('{{customer.name}}, ask me!', 'Person') }),
      [],
    ],
    [
      'too many buttons (S2.72)',
      broken('menu', { branches: titled('1', '2', '3', '4') }),
      ['error TOO_MANY_BUTTONS menu buttons'],
    ],
    [
      'two buttons with one title, or one id',
      broken('menu', { branches: titled('1', '1').map((branch) => ({ ...branch, id: 'same' })) }),
      ['error DUPLICATE_BUTTON_ID menu buttons', 'error DUPLICATE_TITLE menu buttons'],
    ],
    [
      'an id that two steps have',
      withRules(
        'other',
        withSteps({ ...menu('other', ['Menu', 'menu']), branches: [{ ...SOUND.steps[0]!.branches[0]! }] }),
      ),
      ['warning DUPLICATE_BUTTON_ID other buttons[0].id'],
    ],
    [
      'a translation of a button that is not there',
      broken('menu', { translations: { en: { titles: { gone: 'x' } } } }),
      ['warning DEAD_BUTTON_ID menu translations.en.titles.gone'],
    ],
    [
      'a language that not all steps speak',
      { ...broken('menu', { translations: { hi: { body: 'मेनू' } } }), fallbackTemplateKey: 'fallback' },
      ['ask', 'digits', 'person', 'fallback'].map((key) => `info TRANSLATION_MISSING ${key} translations`),
    ],
    [
      'variables that nobody knows (S2.104)',
      broken('menu', { body: '{{customer.shoeSize}} {{first_name}} {{answers.size}}' }),
      [
        'warning VARIABLE_WITHOUT_SOURCE menu',
        'warning VARIABLE_WITHOUT_SOURCE menu',
        'warning ANSWER_NEVER_ASKED menu',
      ],
    ],
    [
      'braces that are no variable',
      broken('menu', { body: 'Hello {{customer name}}' }),
      ['warning NOT_A_VARIABLE menu body'],
    ],
    ['a body that says nothing, or too much', broken('digits', { body: ' ' }), ['error TEXT_MISSING digits body']],
    [
      'a text for buttons that is too long',
      broken('menu', { body: 'x'.repeat(1025) }),
      ['error TEXT_TOO_LONG menu body'],
    ],
    ['what a kind does not show', broken('digits', { header: 'Oh' }), ['warning NOT_OF_THIS_KIND digits header']],
    ['media without a file', broken('digits', { kind: 'media' }), ['error MEDIA_MISSING digits media']],
    [
      'media at an address that is none',
      broken('digits', { kind: 'media', media: { kind: 'image', link: 'file:///etc/passwd' } }),
      ['error MEDIA_LINK_REFUSED digits media.link'],
    ],
    [
      'a template of WhatsApp that is not approved',
      broken('digits', { kind: 'whatsapp_template', body: '', whatsappTemplate: { name: 'due', language: 'hi' } }),
      ['warning WHATSAPP_TEMPLATE_NOT_APPROVED digits whatsappTemplate'],
    ],
    [
      'a template in another language that is not approved (D16)',
      broken('digits', {
        ...TEMPLATE,
        translations: { hi: { whatsappTemplate: { name: 'due', language: 'hi' } } },
      }),
      [
        'info TRANSLATION_MISSING menu translations',
        'info TRANSLATION_MISSING ask translations',
        'warning WHATSAPP_TEMPLATE_NOT_APPROVED digits translations.hi.whatsappTemplate',
        'info TRANSLATION_MISSING person translations',
        'info TRANSLATION_MISSING fallback translations',
      ],
    ],
    [
      'a template that does not speak what other steps speak: its titles alone are no translation',
      broken(
        'digits',
        { ...TEMPLATE, translations: { hi: { titles: {} } } },
        inHindi('menu', 'ask', 'person', 'fallback'),
      ),
      ['info TRANSLATION_MISSING digits translations'],
    ],
    [
      'a template with a file in its header is sound',
      broken('digits', { ...TEMPLATE, media: { kind: 'image', link: 'https://x.example/a.png' } }),
      [],
    ],
    [
      'a template with a file in its header that is nowhere, or is none that a header shows',
      withRules(
        'other',
        broken(
          'digits',
          { ...TEMPLATE, media: { kind: 'image' } },
          withSteps(step('other', { ...TEMPLATE, handsOff: true, media: AUDIO })),
        ),
      ),
      ['error MEDIA_MISSING digits media', 'error WHATSAPP_TEMPLATE_REFUSED other media.kind'],
    ],
    [
      'a header that is to be a text and a file',
      broken('digits', {
        ...TEMPLATE,
        whatsappTemplate: { ...DUE, headerVariables: { '1': 'x' } },
        media: { kind: 'image', link: 'https://x.example/a.png' },
      }),
      ['error WHATSAPP_TEMPLATE_REFUSED digits whatsappTemplate.headerVariables'],
    ],
    [
      'two buttons of a template at one position, and one behind the last',
      broken('digits', {
        ...TEMPLATE,
        handsOff: true,
        branches: titled('A', 'B').map((branch, index) => ({ ...branch, index: index * 10 })),
        whatsappTemplate: { ...DUE, buttons: [{ index: 0, kind: 'url', value: 'x' }] },
      }),
      [
        'error WHATSAPP_TEMPLATE_REFUSED digits whatsappTemplate.buttons',
        'error WHATSAPP_TEMPLATE_REFUSED digits whatsappTemplate.buttons',
      ],
    ],
    [
      'a code that is too long to be copied',
      broken('digits', {
        ...TEMPLATE,
        whatsappTemplate: { ...DUE, buttons: [{ index: 0, kind: 'copy_code', value: 'x'.repeat(16) }] },
      }),
      ['error TEXT_TOO_LONG digits whatsappTemplate.buttons[0].value'],
    ],
    [
      'positions and templates where none are shown',
      broken('menu', {
        branches: titled('A', 'B').map((branch) => ({ ...branch, index: 0 })),
        translations: { en: { whatsappTemplate: DUE, descriptions: { id0: 'x', gone: 'y' } } },
      }),
      [
        'warning NOT_OF_THIS_KIND menu translations.en.whatsappTemplate',
        'warning NOT_OF_THIS_KIND menu buttons[0].index',
        'warning NOT_OF_THIS_KIND menu buttons[1].index',
        'warning NOT_OF_THIS_KIND menu translations.en.descriptions.id0',
        'warning DEAD_BUTTON_ID menu translations.en.descriptions.gone',
      ],
    ],
    [
      'positions of variables with a gap',
      broken('digits', {
        kind: 'whatsapp_template',
        body: '',
        whatsappTemplate: { name: 'due', language: 'en', variables: { '1': 'a', '3': 'c' } },
      }),
      ['error WHATSAPP_TEMPLATE_REFUSED digits whatsappTemplate.variables'],
    ],
    [
      'rules that an earlier one shadows',
      {
        ...SOUND,
        rules: [
          rule('a', 'menu', 'equals', 'Menu'),
          rule('b', 'ask', 'contains', 'order'),
          rule('c', 'ask', 'equals', ' MENU ', 'my order', 'free'),
          rule('d', 'ask', 'contains', 'orders', 'menu'),
        ],
      },
      [
        'warning RULE_SHADOWED c match.values[0]',
        'warning RULE_SHADOWED c match.values[1]',
        'warning RULE_SHADOWED d match.values[0]',
      ],
    ],
    [
      'words by which customers ask to be left alone (D8)',
      {
        ...broken('menu', { branches: titled('Stop', 'A person') }),
        rules: [...SOUND.rules, rule('s', 'ask', 'equals', 'Stop'), rule('t', 'ask', 'contains', 'Stop')],
        restartWords: ['Stop'],
      },
      [
        'warning STOP_WORD menu buttons[0].title',
        'warning STOP_WORD s match.values[0]',
        'warning STOP_WORD restartWords[0]',
      ],
    ],
    [
      'a rule or a restart word that says nothing',
      { ...SOUND, rules: [rule('a', 'menu', 'equals', ' ')], restartWords: [' '] },
      ['error RULE_MATCHES_NOTHING a match.values[0]', 'error RULE_MATCHES_NOTHING restartWords[0]'],
    ],
    [
      'no fallback',
      graph({ steps: [step('person', { handsOff: true })], rules: [rule('r', 'person', 'equals', 'x')] }),
      ['info NO_FALLBACK fallbackTemplateKey'],
    ],
    ['too many bytes', broken('menu', { body: 'x'.repeat(2_000_000) }), ['error TOO_MUCH']],
    ['too many bytes, which are not characters', broken('menu', { body: 'क'.repeat(700_000) }), ['error TOO_MUCH']],
    [
      'too much',
      { ...SOUND, restartWords: Array.from({ length: 21 }, (_, index) => `word ${index}`) },
      ['error TOO_MUCH'],
    ],
  ])('%s', (_, flow, findings) => {
    expect(found(flow)).toEqual(findings);
  });

  it('has all that cannot be sent of files and templates (S1.37, C19)', () => {
    const refused = { code: 'MEDIA_NOT_FOUND', field: 'media.mediaId', message: 'There is no such file.' } as const;
    const around = { ...AROUND, refusalsOf: ({ key }: FlowStep) => (key === 'ask' ? [refused] : []) };
    expect(checkFlow(SOUND, around)).toEqual([
      {
        severity: 'error',
        code: 'MEDIA_NOT_FOUND',
        where: { templateKey: 'ask', field: 'media.mediaId' },
        message: 'There is no such file.',
      },
    ]);
  });

  it('comes to an end for any flow, and names steps and rules that are there', () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'gone');
    const anyStep = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      isAsking: fc.boolean(),
      ways: fc.array(keys, { maxLength: 3 }),
      to: keys,
    });
    fc.assert(
      fc.property(fc.uniqueArray(anyStep, { selector: ({ key }) => key }), fc.array(keys), (given, starts) => {
        const steps = given.map(({ key, isAsking, ways, to }) => ({
          ...menu(key, ...ways.map((way, index): [string, string] => [`${index}`, way])),
          ...(isAsking && { collects: { as: 'x', nextTemplateKey: to } }),
        }));
        const rules = starts.map((to, index) => rule(`r${index}`, to, 'equals', `${index}`));
        const isThere = new Set<string | undefined>([undefined, ...steps.map(({ key }) => key)]);
        return checkFlow(graph({ steps, rules }), AROUND).every(({ where }) => isThere.has(where.templateKey));
      }),
    );
  });
});

function titled(...titles: string[]): FlowStep['branches'] {
  return titles.map((title, index) => ({ id: `id${index}`, title, nextTemplateKey: index === 1 ? 'person' : 'ask' }));
}

function withSteps(...steps: FlowStep[]): FlowGraph {
  return { ...SOUND, steps: [...SOUND.steps, ...steps] };
}

/** Two menus that lead to each other, the first with one button more. */
function ring(...more: [title: string, to?: string][]): FlowGraph {
  return withSteps(menu('a', ['B', 'b'], ...more), menu('b', ['A', 'a']));
}

/** Rules to these steps, behind the one that is there. */
function withRules(...given: (string | FlowGraph)[]): FlowGraph {
  const flow = given.find((one): one is FlowGraph => typeof one !== 'string') ?? SOUND;
  const to = given.filter((one): one is string => typeof one === 'string');
  return { ...flow, rules: [...flow.rules, ...to.map((key) => rule(key, key, 'equals', key))] };
}

/** The sound flow, in which these steps speak Hindi, too. */
function inHindi(...keys: string[]): FlowGraph {
  const translations = { hi: { body: 'नमस्ते' } };
  return { ...SOUND, steps: SOUND.steps.map((one) => (keys.includes(one.key) ? { ...one, translations } : one)) };
}
