import { PLATFORM_TEMPLATES, renderTemplate, resolveTemplate, type TemplateOverride } from './reminder-template.js';

const VALUES = { name: 'Asha', amount: '₹5,000.00', duedate: '25 Feb 2026', companyname: 'Sharma Traders' };
const own = (override: Partial<TemplateOverride>): TemplateOverride => ({
  slot: 'due_today',
  name: 'our_template',
  language: undefined,
  positional: [],
  replies: [],
  ...override,
});

describe('A reminder speaks by a template that Meta has approved (S0.49)', () => {
  it.each([
    ['before_due', 'interactive_before_due1'],
    ['due_today', 'interactive_due_today'],
    ['after_due', 'interactive_overdue'],
  ] as const)("%s by the platform's %s, gentle, urgent or escalated (S0.27, S0.30, S0.52)", (slot, name) => {
    expect(resolveTemplate(slot, [], 'hi')).toMatchObject({ name, language: 'en' });
  });

  it("the merchant's own comes first, the others stay the platform's (S0.41, S0.53, S0.92)", () => {
    expect(resolveTemplate('due_today', [own({})], undefined)?.name).toBe('our_template');
    expect(resolveTemplate('before_due', [own({})], undefined)?.name).toBe('interactive_before_due1');
  });

  it("in the language that the merchant says, else the customer's, else English", () => {
    expect(resolveTemplate('due_today', [own({ language: 'mr' })], 'hi')?.language).toBe('mr');
    expect(resolveTemplate('due_today', [own({})], 'hi')?.language).toBe('hi');
    expect(resolveTemplate('due_today', [own({})], undefined)?.language).toBe('en');
  });

  it('what is not about a due has one only if the merchant says so (C41)', () => {
    expect(resolveTemplate('RESTOCK', [], 'en')).toBeUndefined();
    expect(resolveTemplate('RESTOCK', [own({ slot: 'RESTOCK' })], 'en')?.name).toBe('our_template');
  });
});

describe('A template is filled (S0.42, S0.50)', () => {
  it("by names: the customer's, the amount, the date, the company's (C19, C20)", () => {
    expect(renderTemplate(PLATFORM_TEMPLATES[0]!, VALUES, 'due-1')).toEqual({
      content: {
        type: 'template',
        name: 'interactive_before_due1',
        language: 'en',
        body: { named: VALUES },
        buttons: [
          { index: 0, kind: 'quick_reply', value: 'PAY_TODAY:due-1' },
          { index: 1, kind: 'quick_reply', value: 'PAY_WEEK:due-1' },
          { index: 2, kind: 'quick_reply', value: 'PAY_SOON:due-1' },
          { index: 3, kind: 'quick_reply', value: 'NEED_STATEMENT:due-1' },
        ],
      },
      missing: [],
    });
  });

  it('by positions where the merchant gave an order', () => {
    const template = { ...own({ positional: ['companyname', 'name', 'name'] }), language: 'en' };
    const { content, missing } = renderTemplate(template, VALUES, undefined);
    expect(content.body).toEqual({ positional: ['Sharma Traders', 'Asha', 'Asha'] });
    expect([content.buttons, missing]).toEqual([[], []]);
  });

  it("with the merchant's words, where it is not about a due", () => {
    const template = { ...own({ slot: 'CUSTOM' as const, replies: ['NEED_STATEMENT' as const] }), language: 'en' };
    const { content } = renderTemplate(
      template,
      { name: 'Asha', companyname: 'Sharma', message: 'Your rice\nis here' },
      undefined,
    );
    expect(content.body).toEqual({ named: { name: 'Asha', message: 'Your rice is here', companyname: 'Sharma' } });
    expect(content.buttons).toEqual([{ index: 0, kind: 'quick_reply', value: 'NEED_STATEMENT' }]);
  });

  it('never with a blank: what nothing fills is named once (C19)', () => {
    const template = { ...own({ positional: ['name', 'message', 'name'] }), language: 'en' };
    expect(renderTemplate(template, { name: ' \n ' }, undefined).missing).toEqual(['name', 'message']);
    expect(renderTemplate(PLATFORM_TEMPLATES[1]!, { ...VALUES, amount: undefined }, 'due').missing).toEqual(['amount']);
  });
});
