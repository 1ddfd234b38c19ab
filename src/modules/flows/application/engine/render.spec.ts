import { checkContent, ContentRefused } from '../../../messaging/index.js';
import { MissingVariables } from '../../domain/flow-errors.js';
import type { FlowStep } from '../../domain/flow-step.js';
import { variablesOf } from '../../domain/variables.js';
import { languageOf, render } from './render.js';

function step(more: Partial<FlowStep>): FlowStep {
  return {
    key: 'k',
    kind: 'text',
    body: 'Hello',
    branches: [],
    language: 'en',
    translations: {},
    handsOff: false,
    isActive: true,
    ...more,
  };
}
const say = (more: Partial<FlowStep>, values: Record<string, string> = {}, language?: string) =>
  render(step(more), language, new Map(Object.entries(values)));

describe('A step is put into words (S2.19, S2.41, S2.104)', () => {
  it('text stays text (S2.42)', () => {
    expect(say({ body: 'Hello {{customer.name}}' }, { 'customer.name': 'Asha' })).toEqual({
      type: 'text',
      body: 'Hello Asha',
    });
  });

  it('shows one to three buttons (S2.9)', () => {
    const branches = [
      { id: 'b1', title: 'Good' },
      { id: 'b2', title: 'OK' },
      { id: 'b3', title: 'Bad' },
    ];
    expect(say({ kind: 'interactive_button', branches, header: 'H', footer: 'F' })).toEqual({
      type: 'buttons',
      header: 'H',
      body: 'Hello',
      footer: 'F',
      buttons: branches,
    });
  });

  it('keeps titles of 21 to 24 characters whole; messaging shows such buttons as a list (S2.24, C16)', () => {
    const content = say({ kind: 'interactive_button', branches: [{ id: 'b1', title: 'x'.repeat(24) }] });
    expect(content).toMatchObject({ type: 'buttons', buttons: [{ title: 'x'.repeat(24) }] });
    expect(() => checkContent(content)).not.toThrow();
    expect(() => say({ kind: 'interactive_button', branches: [{ id: 'b1', title: 'x'.repeat(25) }] })).toThrow(
      ContentRefused,
    );
  });

  it('shows up to ten rows behind a button', () => {
    const branches = Array.from({ length: 10 }, (_, index) => ({
      id: `b${index}`,
      title: `Row ${index}`,
      description: 'd',
    }));
    expect(say({ kind: 'interactive_list', branches, listButton: 'Choose' })).toMatchObject({
      type: 'list',
      button: 'Choose',
      sections: [{ rows: branches }],
    });
    expect(() => say({ kind: 'interactive_list', branches: [...branches, { id: 'more', title: 'More' }] })).toThrow(
      ContentRefused,
    );
  });

  it('shows media by link or of ours, with a caption', () => {
    expect(
      say(
        { kind: 'media', media: { kind: 'image', link: 'https://x.example/{{answers.file}}.png' } },
        { 'answers.file': 'a' },
      ),
    ).toEqual({
      type: 'image',
      media: { kind: 'image', link: 'https://x.example/a.png' },
      caption: 'Hello',
    });
    expect(say({ kind: 'media', body: '', media: { kind: 'document', mediaId: 'm' } })).toEqual({
      type: 'document',
      media: { kind: 'document', mediaId: 'm' },
    });
  });

  it("maps variables to those of a WhatsApp template, and its quick replies to the step's branches", () => {
    const branches = [{ id: 'b1', title: 'Yes' }];
    const named = { name: 'due', language: 'en', variables: { amount: '{{customer.balance}}' } };
    expect(
      say({ kind: 'whatsapp_template', branches, whatsappTemplate: named }, { 'customer.balance': '₹5.00' }),
    ).toEqual({
      type: 'template',
      name: 'due',
      language: 'en',
      body: { named: { amount: '₹5.00' } },
      buttons: [{ index: 0, kind: 'quick_reply', value: 'b1' }],
    });
    const media = { kind: 'image' as const, link: 'https://x.example/a.png' };
    expect(say({ kind: 'whatsapp_template', media, whatsappTemplate: { name: 'offer', language: 'en' } })).toEqual({
      type: 'template',
      name: 'offer',
      language: 'en',
      header: media,
    });
    const positional = { name: 'due', language: 'en', variables: { 2: 'two', 10: 'ten', 1: 'one' } };
    expect(say({ kind: 'whatsapp_template', whatsappTemplate: positional })).toMatchObject({
      body: { positional: ['one', 'two', 'ten'] },
    });
  });

  it("fills a template's header and buttons; its quick replies are those that nothing else has, or that a branch names", () => {
    const whatsappTemplate = {
      name: 'due',
      language: 'en',
      headerVariables: { '1': '{{customer.name}}' },
      buttons: [
        { index: 0, kind: 'url' as const, value: 'orders/{{answers.order}}' },
        { index: 2, kind: 'copy_code' as const, value: 'SAVE10' },
      ],
    };
    const values = { 'customer.name': 'Asha', 'answers.order': '1042' };
    const [yes, no] = [
      { id: 'yes', title: 'Yes' },
      { id: 'no', title: 'No' },
    ];
    expect(say({ kind: 'whatsapp_template', branches: [yes, no], whatsappTemplate }, values)).toEqual({
      type: 'template',
      name: 'due',
      language: 'en',
      header: { positional: ['Asha'] },
      buttons: [
        { index: 0, kind: 'url', value: 'orders/1042' },
        { index: 1, kind: 'quick_reply', value: 'yes' },
        { index: 2, kind: 'copy_code', value: 'SAVE10' },
        { index: 3, kind: 'quick_reply', value: 'no' },
      ],
    });
    const named = [yes, { ...no, index: 1 }];
    const plain = { name: 'due', language: 'en' };
    expect(say({ kind: 'whatsapp_template', branches: named, whatsappTemplate: plain })).toMatchObject({
      buttons: [
        { index: 0, value: 'yes' },
        { index: 1, value: 'no' },
      ],
    });
    expect(() => say({ kind: 'whatsapp_template', whatsappTemplate })).toThrow(MissingVariables);
  });

  it("sends a template in the customer's language where the step names it, and shows rows with theirs", () => {
    const english = { name: 'due', language: 'en', variables: { '1': '{{customer.balance}}' } };
    const hindi = { name: 'due', language: 'hi', variables: { '1': '{{customer.name}}' } };
    const spoken = step({
      kind: 'whatsapp_template',
      whatsappTemplate: english,
      translations: { hi: { whatsappTemplate: hindi } },
    });
    const values = new Map([
      ['customer.balance', '₹5.00'],
      ['customer.name', 'Asha'],
    ]);
    expect(render(spoken, 'hi-IN', values)).toMatchObject({ language: 'hi', body: { positional: ['Asha'] } });
    expect(render(spoken, 'el', values)).toMatchObject({ language: 'en', body: { positional: ['₹5.00'] } });
    const rows = step({
      kind: 'interactive_list',
      branches: [{ id: 'b1', title: 'Balance', description: 'What you owe' }],
      translations: { hi: { titles: { b1: 'बकाया' }, descriptions: { b1: 'आपका बकाया' } } },
    });
    expect(render(rows, 'hi', new Map())).toMatchObject({
      sections: [{ rows: [{ id: 'b1', title: 'बकाया', description: 'आपका बकाया' }] }],
    });
    expect(variablesOf(spoken)).toEqual(['customer.balance', 'customer.name']);
  });

  it('refuses with the names of all that is missing, never with blanks (C19)', () => {
    const missing = step({
      kind: 'interactive_button',
      body: '{{customer.name}} {{answers.order}}',
      branches: [{ id: 'b', title: '{{x.y}}' }],
    });
    expect(() => render(missing, undefined, new Map([['customer.name', 'Asha']]))).toThrow(
      new MissingVariables(['answers.order', 'x.y']),
    );
  });

  it('fills once: what a value holds is shown as it stands', () => {
    const values = { 'answers.a': '{{answers.b}} $& $1', 'answers.b': 'secret' };
    expect(say({ body: '{{answers.a}}' }, values)).toEqual({ type: 'text', body: '{{answers.b}} $& $1' });
  });

  it('speaks the language of the customer where the step knows it, and its own for the rest', () => {
    const spoken = step({
      kind: 'interactive_button',
      body: 'Hello',
      footer: 'NoDue',
      branches: [
        { id: 'b1', title: 'Yes' },
        { id: 'b2', title: 'No' },
      ],
      translations: { hi: { body: 'नमस्ते', titles: { b1: 'हाँ' } } },
    });
    expect(render(spoken, 'hi-IN', new Map())).toMatchObject({
      body: 'नमस्ते',
      footer: 'NoDue',
      buttons: [
        { id: 'b1', title: 'हाँ' },
        { id: 'b2', title: 'No' },
      ],
    });
    expect(render(spoken, 'fr', new Map())).toMatchObject({ body: 'Hello' });
    expect(languageOf(spoken, 'hi_IN')).toBe('hi');
    expect(languageOf(spoken, 'EN-gb')).toBe('en');
    expect(languageOf(spoken, undefined)).toBe('en');
  });
});
