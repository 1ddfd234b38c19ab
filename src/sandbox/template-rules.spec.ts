import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphError } from './graph-error.js';
import { STANDARD_TEMPLATES } from './standard-templates.js';
import { readTemplateDefinition } from './template-definition.js';
import { renderTemplate } from './template-rules.js';
import type { Template } from './templates.js';

function standard(name: string): Template {
  const definition = STANDARD_TEMPLATES.find((one) => one.name === name);
  if (!definition) throw new Error(`no ${name}`);
  return { ...definition, id: '1', status: 'APPROVED' };
}
const text = (value: string, name?: string): object => ({
  type: 'text',
  text: value,
  ...(name ? { parameter_name: name } : {}),
});
const body = (...parameters: object[]): { components: object[] } => ({ components: [{ type: 'body', parameters }] });

describe('A template is filled in as it was approved', () => {
  it('puts named parameters in their places, in whatever order they come (S0.50)', () => {
    const sent = body(
      text('Sharma Traders', 'companyname'),
      text('25 Feb 2026', 'duedate'),
      text('₹5,000.00', 'amount'),
      text('Asha', 'name'),
    );
    expect(renderTemplate(standard('interactive_before_due1'), sent).body).toBe(
      'Hello Asha, a gentle reminder: ₹5,000.00 falls due on 25 Feb 2026. Thank you, Sharma Traders.',
    );
  });

  it('offers quick replies with the payload of the send, else with their text', () => {
    const sent = {
      components: [
        { type: 'header', parameters: [{ type: 'image', image: { id: '7' } }] },
        { type: 'body', parameters: [text('Asha')] },
        { type: 'button', sub_type: 'quick_reply', index: '1', parameters: [{ type: 'payload', payload: 'STOP' }] },
      ],
    };
    expect(renderTemplate(standard('new_arrivals_image'), sent).quickReplies).toEqual([
      { text: 'Show me more', payload: 'Show me more' },
      { text: 'Stop promotions', payload: 'STOP' },
    ]);
  });

  it.each<[string, number, string, object]>([
    [
      'one parameter too many',
      132000,
      'order_update',
      {
        components: [
          { type: 'header', parameters: [text('1')] },
          ...body(text('a'), text('b'), text('c'), text('d')).components,
        ],
      },
    ],
    [
      'a header that is not there',
      132000,
      'hello_world',
      { components: [{ type: 'header', parameters: [text('x')] }] },
    ],
    ['a missing picture', 132000, 'new_arrivals_image', body(text('Asha'))],
    [
      'a button of another kind',
      132012,
      'payment_link',
      {
        components: [
          ...body(text('a'), text('b')).components,
          { type: 'button', sub_type: 'quick_reply', index: 0, parameters: [] },
        ],
      },
    ],
    [
      'a button that is not there',
      132012,
      'hello_world',
      { components: [{ type: 'button', sub_type: 'url', index: 3, parameters: [] }] },
    ],
    [
      'a number where text belongs',
      132012,
      'shop_location',
      {
        components: [
          { type: 'header', parameters: [{ type: 'location', location: {} }] },
          ...body({ type: 'image', image: {} }).components,
        ],
      },
    ],
    [
      'an empty text',
      131008,
      'shop_location',
      {
        components: [
          { type: 'header', parameters: [{ type: 'location', location: {} }] },
          ...body(text('')).components,
        ],
      },
    ],
  ])('refuses %s', (_, code, name, sent) => {
    expect(() => renderTemplate(standard(name), sent as never)).toThrow(expect.objectContaining({ code }));
  });

  it('leaves no variable open, whatever the values are', () => {
    const value = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      .filter((one) => !/[\n\t]| {5,}/.test(one));
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 3 }), (values) => {
        const sent = {
          components: [
            { type: 'header', parameters: [text('1042')] },
            ...body(...values.map((one) => text(one))).components,
          ],
        };
        const rendered = renderTemplate(standard('order_update'), sent).body;
        expect(rendered).toBe(`Hello ${values[0]}, your order is ${values[1]} and arrives on ${values[2]}, as agreed.`);
      }),
    );
  });

  it('answers every send with a decision, never with another error', () => {
    fc.assert(
      fc.property(fc.anything(), (components) => {
        try {
          renderTemplate(standard('payment_link'), { components });
        } catch (error) {
          expect(error).toBeInstanceOf(GraphError);
        }
      }),
    );
  });
});

describe('The standard templates', () => {
  it.each(STANDARD_TEMPLATES.map((template) => [template.name, template] as const))(
    '%s would be accepted for review',
    (_, template) => {
      expect(readTemplateDefinition(template)).toMatchObject({
        name: template.name,
        parameter_format: template.parameter_format,
      });
    },
  );
});
