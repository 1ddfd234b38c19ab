import fc from 'fast-check';
import type { TemplateContent } from '../message-content.js';
import { checkSubmission } from './check-submission.js';
import { canBeSent, checkTemplate } from './check-template.js';
import { type KnownTemplate, learnTemplate, type TemplateNews } from './learn-template.js';
import { renderTemplate } from './render-template.js';
import type { Template } from './template.js';
import { parametersOf } from './template-parameters.js';

const ORDER: Template = {
  name: 'order_update',
  language: 'en',
  category: 'utility',
  status: 'approved',
  parameterFormat: 'positional',
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
    { type: 'BODY', text: 'Hello {{1}}, your order is {{2}}.' },
    { type: 'FOOTER', text: 'Thank you' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'URL', text: 'Track', url: 'https://shop.example.com/{{1}}' },
        { type: 'QUICK_REPLY', text: 'Thanks' },
      ],
    },
  ],
};
const DUE: Template = {
  ...ORDER,
  name: 'due',
  parameterFormat: 'named',
  components: [{ type: 'BODY', text: 'Hello {{name}}, {{amount}} is due.' }],
};

function order(own: Partial<TemplateContent> = {}): TemplateContent {
  return {
    type: 'template',
    name: 'order_update',
    language: 'en',
    header: { positional: ['7'] },
    body: { positional: ['Asha', 'packed'] },
    buttons: [{ index: 0, kind: 'url', value: 'abc' }],
    ...own,
  };
}

describe('The parameters of a template are read from its components (S1.37, C19)', () => {
  test('by number, by name, and those of buttons', () => {
    expect(parametersOf(ORDER)).toEqual({
      format: 'positional',
      header: { kind: 'text', names: ['1'] },
      body: ['1', '2'],
      buttons: [
        { index: 0, kind: 'url', required: true, title: 'Track' },
        { index: 1, kind: 'quick_reply', required: false, title: 'Thanks' },
      ],
    });
    expect(parametersOf(DUE)).toEqual({ format: 'named', body: ['name', 'amount'], buttons: [] });
  });
});

describe('What Meta would refuse is refused before it is queued (S1.37)', () => {
  test('right parameters pass', () => expect(checkTemplate(ORDER, order())).toEqual([]));

  test.each<[string, Template, TemplateContent, string[]]>([
    ['a variable too few', ORDER, order({ body: { positional: ['Asha'] } }), ['PARAMETER_COUNT']],
    ['an empty one', ORDER, order({ body: { positional: ['Asha', ' '] } }), ['PARAMETER_MISSING']],
    ['a line break', ORDER, order({ body: { positional: ['Asha', 'a\nb'] } }), ['PARAMETER_TEXT']],
    ['too long once filled in', ORDER, order({ body: { positional: ['Asha', 'x'.repeat(1024)] } }), ['TOO_LONG']],
    ['no value of a button', ORDER, { ...order(), buttons: [] }, ['BUTTON_MISSING']],
    [
      'a button that is not there',
      ORDER,
      order({
        buttons: [
          { index: 0, kind: 'url', value: 'a' },
          { index: 7, kind: 'url', value: 'a' },
        ],
      }),
      ['BUTTON_UNKNOWN'],
    ],
    [
      'a file where a text is',
      ORDER,
      order({ header: { kind: 'image', link: 'https://x.example' } }),
      ['PARAMETER_UNKNOWN'],
    ],
    [
      'numbers for names',
      DUE,
      order({ body: { positional: ['Asha', '5'] }, header: { positional: [] }, buttons: [] }),
      ['PARAMETER_FORMAT'],
    ],
    [
      'a wrong name',
      DUE,
      order({ body: { named: { name: 'Asha', sum: '5' } }, header: { positional: [] }, buttons: [] }),
      ['PARAMETER_MISSING', 'PARAMETER_UNKNOWN'],
    ],
    ['a paused template', { ...ORDER, status: 'paused' }, order(), ['TEMPLATE_PAUSED']],
    ['a rejected template', { ...ORDER, status: 'rejected' }, order(), ['TEMPLATE_NOT_APPROVED']],
  ])('%s', (_, template, content, codes) => {
    expect(checkTemplate(template, content).map(({ code }) => code)).toEqual(codes);
  });
});

describe('Templates that are named as usable can be filled (S1.36, S1.88)', () => {
  const withHeader = (format: string): Template => ({
    ...DUE,
    components: [{ type: 'HEADER', format }, ...DUE.components],
  });
  const withButton = (type: string): Template => ({
    ...DUE,
    components: [...DUE.components, { type: 'BUTTONS', buttons: [{ type, text: 'Go' }] }],
  });

  test.each<[string, Template, boolean]>([
    ['text and buttons', ORDER, true],
    ['a file', withHeader('IMAGE'), true],
    ['a button that needs nothing', withButton('PHONE_NUMBER'), true],
    ['a place, which no order can give', withHeader('LOCATION'), false],
    ['a list of products', withButton('MPM'), false],
    ['cards', { ...DUE, components: [...DUE.components, { type: 'CAROUSEL', cards: [] }] }, false],
    ['not approved', { ...ORDER, status: 'pending' }, false],
    ['known by its state alone', { ...ORDER, components: [] }, false],
  ])('%s', (_, template, usable) => expect(canBeSent(template)).toBe(usable));
});

describe('A preview shows what the customer will see (S1.38)', () => {
  test('with its variables, its footer and its buttons', () => {
    expect(renderTemplate(ORDER, order())).toEqual({
      header: { kind: 'text', text: 'Order 7' },
      body: 'Hello Asha, your order is packed.',
      footer: 'Thank you',
      buttons: [
        { kind: 'url', text: 'Track', url: 'https://shop.example.com/abc' },
        { kind: 'quick_reply', text: 'Thanks' },
      ],
    });
  });
});

describe('Of what is told of a template the newer word wins', () => {
  const at = (second: number): Date => new Date(second * 1000);
  const news = (own: Partial<TemplateNews>): TemplateNews => ({ name: 'due', language: 'en', ...own });
  const known = (own: Partial<TemplateNews>, second: number): KnownTemplate =>
    learnTemplate(undefined, news({ status: 'APPROVED', category: 'UTILITY', ...own }), {
      at: at(second),
      by: 'listed',
    }).template;

  test('a webhook that was overtaken changes nothing, each aspect by itself', () => {
    const paused = learnTemplate(known({}, 10), news({ status: 'PAUSED' }), { at: at(20), by: 'told' }).template;
    expect(learnTemplate(paused, news({ status: 'APPROVED' }), { at: at(15), by: 'told' }).template.status).toBe(
      'paused',
    );
    expect(learnTemplate(paused, news({ quality: 'RED' }), { at: at(15), by: 'told' }).template.quality).toBe('red');
  });

  test('within one second a webhook goes before the list', () => {
    const paused = learnTemplate(known({}, 10), news({ status: 'PAUSED' }), { at: at(20), by: 'told' }).template;
    expect(
      learnTemplate(paused, news({ status: 'APPROVED' }), { at: new Date(20_900), by: 'listed' }).template.status,
    ).toBe('paused');
    expect(learnTemplate(paused, news({ status: 'APPROVED' }), { at: at(21), by: 'listed' }).template.status).toBe(
      'approved',
    );
  });

  test('within one second nothing told of before revives what is deleted; what is told later does', () => {
    const deleted = learnTemplate(known({}, 10), news({ status: 'deleted' }), { at: new Date(20_700), by: 'told' });
    const after = (second: number): string =>
      learnTemplate(deleted.template, news({ status: 'APPROVED' }), { at: at(second), by: 'told' }).template.status;
    expect([after(19), after(20), after(21)]).toEqual(['deleted', 'deleted', 'approved']);
  });

  test('in whatever order it comes: what is known in the end is the same', () => {
    const words = fc.record({
      status: fc.constantFrom('APPROVED', 'PAUSED', 'REJECTED', 'DISABLED'),
      quality: fc.constantFrom('GREEN', 'YELLOW', 'RED'),
      category: fc.constantFrom('UTILITY', 'MARKETING'),
    });
    const told = fc.record({
      at: fc.integer({ min: 1, max: 1000 }),
      news: words.chain((all) =>
        fc
          .subarray(['status', 'quality', 'category'] as const)
          .map((fields) => Object.fromEntries(fields.map((field) => [field, all[field]]))),
      ),
    });
    const distinct = fc.uniqueArray(told, { selector: (one) => one.at, maxLength: 8 });
    const seenAfter = (order: readonly { at: number; news: Partial<TemplateNews> }[]): unknown => {
      const end = order.reduce<KnownTemplate | undefined>(
        (before, one) => learnTemplate(before, news(one.news), { at: at(one.at), by: 'told' }).template,
        undefined,
      );
      return end && { status: end.status, quality: end.quality, category: end.category, toldAt: end.toldAt };
    };
    fc.assert(
      fc.property(
        distinct.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([order, another]) => expect(seenAfter(another)).toEqual(seenAfter(order)),
      ),
    );
  });

  test('the category that it had stands until somebody acknowledges it, or it is back', () => {
    const moved = learnTemplate(known({}, 10), news({ category: 'MARKETING' }), { at: at(20), by: 'told' });
    expect(moved.changes.category).toEqual({ from: 'utility', to: 'marketing' });
    expect(moved.template.previousCategory).toBe('utility');
    const back = learnTemplate(moved.template, news({ category: 'UTILITY' }), { at: at(30), by: 'listed' });
    expect(back.template.previousCategory).toBeNull();
  });
});

describe('What breaks Meta’s rules is not submitted', () => {
  test('names, variables without examples, texts that are too long', () => {
    const faults = checkSubmission({
      name: 'Not Good',
      language: 'en',
      category: 'utility',
      parameterFormat: 'positional',
      components: [
        { type: 'BODY', text: 'Hello {{1}}' },
        { type: 'FOOTER', text: 'x'.repeat(61) },
      ],
    });
    expect(faults.map(({ field }) => field)).toEqual(['name', 'components.0', 'components.0', 'components.1']);
  });
});
