import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphError } from './graph-error.js';
import { readOutgoingMessage } from './message-rules.js';

const codeOf = (message: unknown): number => {
  try {
    readOutgoingMessage(message);
    return 0;
  } catch (error) {
    return error instanceof GraphError ? error.code : -1;
  }
};
const send = (type: string, content: unknown): number =>
  codeOf({ messaging_product: 'whatsapp', to: '919800000001', type, [type]: content });
const list = (rows: object[], more: object = {}): number =>
  send('interactive', {
    type: 'list',
    body: { text: 'Choose' },
    action: { button: 'Options', sections: [{ title: 'All', rows }] },
    ...more,
  });
const row = (id: string, more: object = {}): object => ({ id, title: 'Row', ...more });

describe("A send is checked against Meta's limits (whatsapp-platform, field limits)", () => {
  it.each<[string, number, number]>([
    ['a text of 4,096 characters', send('text', { body: 'x'.repeat(4096) }), 0],
    ['4,096 emoji are 4,096 characters', send('text', { body: '👍'.repeat(4096) }), 0],
    ['a text of 4,097 emoji', send('text', { body: '👍'.repeat(4097) }), 131009],
    ['ten rows', list(Array.from({ length: 10 }, (_, index) => row(String(index)))), 0],
    ['eleven rows', list(Array.from({ length: 11 }, (_, index) => row(String(index)))), 131009],
    ['a row title of 25 characters', list([row('a', { title: 'x'.repeat(25) })]), 131009],
    ['a row description of 73 characters', list([row('a', { description: 'x'.repeat(73) })]), 131009],
    ['two rows with one id', list([row('a'), row('a')]), 131009],
    ['no rows', list([]), 131009],
    ['a header of 61 characters', list([row('a')], { header: { type: 'text', text: 'x'.repeat(61) } }), 131009],
    ['a footer of 61 characters', list([row('a')], { footer: { text: 'x'.repeat(61) } }), 131009],
    ['a picture over a list', list([row('a')], { header: { type: 'image', image: { id: '1' } } }), 131009],
    [
      'a link',
      send('interactive', {
        type: 'cta_url',
        body: { text: 'Pay' },
        action: { name: 'cta_url', parameters: { display_text: 'Pay', url: 'https://pay.example.com' } },
      }),
      0,
    ],
    [
      'a link without address',
      send('interactive', {
        type: 'cta_url',
        body: { text: 'Pay' },
        action: { name: 'cta_url', parameters: { display_text: 'Pay' } },
      }),
      131008,
    ],
    [
      'a request for the location',
      send('interactive', {
        type: 'location_request_message',
        body: { text: 'Where?' },
        action: { name: 'send_location' },
      }),
      0,
    ],
    ['a product', send('interactive', { type: 'product', action: { catalog_id: '1', product_retailer_id: 'a' } }), 0],
    ['an unknown menu', send('interactive', { type: 'wheel', body: { text: 'x' }, action: {} }), 131009],
    ['a picture by id and link', send('image', { id: '1', link: 'https://a.example/b.jpg' }), 131009],
    ['a picture by neither', send('image', {}), 131008],
    ['a picture from ftp', send('image', { link: 'ftp://a.example/b.jpg' }), 131009],
    ['a caption on a sticker', send('sticker', { id: '1', caption: 'x' }), 131009],
    ['a place', send('location', { latitude: '12.97', longitude: 77.59 }), 0],
    ['a place beyond the pole', send('location', { latitude: 91, longitude: 0 }), 131009],
    ['a contact', send('contacts', [{ name: { formatted_name: 'Asha Rao', first_name: 'Asha' } }]), 0],
    ['a contact without a first name', send('contacts', [{ name: { formatted_name: 'Asha Rao' } }]), 131008],
    ['a reaction', send('reaction', { message_id: 'wamid.x', emoji: '👨‍👩‍👧‍👦' }), 0],
    ['a reaction taken back', send('reaction', { message_id: 'wamid.x', emoji: '' }), 0],
    ['a reaction in words', send('reaction', { message_id: 'wamid.x', emoji: 'nice' }), 131009],
    ['a template without language', send('template', { name: 'x' }), 131008],
    [
      'a group',
      codeOf({ messaging_product: 'whatsapp', recipient_type: 'group', to: 'x', type: 'text', text: { body: 'x' } }),
      131009,
    ],
  ])('%s', (_, code, expected) => {
    expect(code).toBe(expected);
  });

  it('answers every body with a decision, never with another error', () => {
    const types = fc.constantFrom(
      'text',
      'template',
      'interactive',
      'image',
      'location',
      'contacts',
      'reaction',
      'audio',
      'constructor',
      '__proto__',
    );
    const body = fc
      .record({
        messaging_product: fc.constant('whatsapp'),
        to: fc.oneof(fc.constant('919800000001'), fc.anything()),
        type: types,
      })
      .chain((frame) => fc.oneof(fc.anything(), interactive()).map((content) => ({ ...frame, [frame.type]: content })));
    fc.assert(
      fc.property(body, (message) => codeOf(message) !== -1),
      { numRuns: 2_000 },
    );
  });
});

function interactive(): fc.Arbitrary<object> {
  const type = fc.constantFrom('button', 'list', 'cta_url', 'product', 'product_list', 'flow', 'toString');
  return fc.record({
    type,
    body: fc.anything(),
    action: fc.oneof(fc.anything(), fc.record({ buttons: fc.array(fc.anything()), sections: fc.array(fc.anything()) })),
    header: fc.anything(),
  });
}
