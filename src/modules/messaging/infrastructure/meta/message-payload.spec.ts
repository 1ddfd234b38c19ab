import type { MessageContent } from '../../domain/message-content.js';
import { messagePayload, readReceiptPayload } from './message-payload.js';

const send = (content: MessageContent) =>
  messagePayload({ to: { kind: 'phone', value: '919876543210' }, content, reference: 'v1.ref' });
const bodyOf = (content: MessageContent): unknown => {
  const payload = send(content);
  return payload[payload['type'] as string];
};

describe("A message in Meta's words (S0.3, S0.50, S1.16)", () => {
  it('text: goes to digits without plus, with its reference', () => {
    expect(send({ type: 'text', body: 'Hello' })).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '919876543210',
      biz_opaque_callback_data: 'v1.ref',
      type: 'text',
      text: { body: 'Hello', preview_url: false },
    });
  });

  it('goes to a business-scoped user id as recipient, never as to (F1)', () => {
    const payload = messagePayload({
      to: { kind: 'bsuid', value: 'IN.1349120865530274' },
      content: { type: 'text', body: 'Hello' },
      reference: 'r',
      contextWamid: 'wamid.1',
    });
    expect(payload).toMatchObject({ recipient: 'IN.1349120865530274', context: { message_id: 'wamid.1' } });
    expect(payload).not.toHaveProperty('to');
  });

  it('template with named variables (S0.50)', () => {
    expect(
      bodyOf({
        type: 'template',
        name: 'interactive_due_today',
        language: 'en',
        body: { named: { name: 'Asha', duedate: '25 Feb 2026' } },
      }),
    ).toEqual({
      name: 'interactive_due_today',
      language: { code: 'en' },
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Asha', parameter_name: 'name' },
            { type: 'text', text: '25 Feb 2026', parameter_name: 'duedate' },
          ],
        },
      ],
    });
  });

  it('template with positional variables, media header and buttons (S0.54, C19)', () => {
    expect(
      bodyOf({
        type: 'template',
        name: 't',
        language: 'en_US',
        header: { kind: 'image', link: 'https://example.com/a.png' },
        body: { positional: ['one', 'two'] },
        buttons: [
          { index: 0, kind: 'quick_reply', value: 'PAY_TODAY' },
          { index: 1, kind: 'url', value: 'inv-7' },
          { index: 2, kind: 'copy_code', value: 'SAVE10' },
        ],
      }),
    ).toEqual({
      name: 't',
      language: { code: 'en_US' },
      components: [
        { type: 'header', parameters: [{ type: 'image', image: { link: 'https://example.com/a.png' } }] },
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'one' },
            { type: 'text', text: 'two' },
          ],
        },
        {
          type: 'button',
          sub_type: 'quick_reply',
          index: '0',
          parameters: [{ type: 'payload', payload: 'PAY_TODAY' }],
        },
        { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'inv-7' }] },
        {
          type: 'button',
          sub_type: 'copy_code',
          index: '2',
          parameters: [{ type: 'coupon_code', coupon_code: 'SAVE10' }],
        },
      ],
    });
  });

  it('template without variables has no components', () => {
    expect(bodyOf({ type: 'template', name: 't', language: 'en' })).toEqual({ name: 't', language: { code: 'en' } });
  });

  it('reply buttons', () => {
    expect(
      bodyOf({
        type: 'buttons',
        header: 'H',
        body: 'B',
        footer: 'F',
        buttons: [{ id: 'PAY_TODAY', title: 'Pay today' }],
      }),
    ).toEqual({
      type: 'button',
      header: { type: 'text', text: 'H' },
      body: { text: 'B' },
      footer: { text: 'F' },
      action: { buttons: [{ type: 'reply', reply: { id: 'PAY_TODAY', title: 'Pay today' } }] },
    });
  });

  it('buttons with a title of 21 to 24 characters become a list, ids kept, nothing cut (C16)', () => {
    const title = 'Check my current dues..';
    expect(
      bodyOf({
        type: 'buttons',
        body: 'B',
        footer: 'F',
        buttons: [
          { id: 'a', title },
          { id: 'b', title: 'No' },
        ],
      }),
    ).toEqual({
      type: 'list',
      body: { text: 'B' },
      footer: { text: 'F' },
      action: {
        button: 'Choose',
        sections: [
          {
            rows: [
              { id: 'a', title },
              { id: 'b', title: 'No' },
            ],
          },
        ],
      },
    });
  });

  it('list', () => {
    expect(
      bodyOf({
        type: 'list',
        body: 'B',
        button: 'Open',
        sections: [{ title: 'S', rows: [{ id: 'r', title: 'R', description: 'D' }] }],
      }),
    ).toEqual({
      type: 'list',
      body: { text: 'B' },
      action: { button: 'Open', sections: [{ title: 'S', rows: [{ id: 'r', title: 'R', description: 'D' }] }] },
    });
  });

  it('media by id or link, with caption and file name', () => {
    expect(
      bodyOf({ type: 'document', media: { kind: 'document', id: '77' }, caption: 'Invoice', filename: 'inv.pdf' }),
    ).toEqual({ id: '77', caption: 'Invoice', filename: 'inv.pdf' });
    expect(bodyOf({ type: 'audio', media: { kind: 'audio', link: 'https://example.com/a.mp3' } })).toEqual({
      link: 'https://example.com/a.mp3',
    });
  });

  it('location, contacts and reaction', () => {
    expect(bodyOf({ type: 'location', latitude: 19.07, longitude: 72.87, name: 'Shop' })).toEqual({
      latitude: 19.07,
      longitude: 72.87,
      name: 'Shop',
    });
    expect(
      bodyOf({
        type: 'contacts',
        contacts: [
          {
            name: { formatted: 'Asha Rao' },
            phones: [{ phone: '+919876543210', label: 'WORK' }],
            emails: [{ email: 'a@example.com' }],
            organization: 'Shop',
          },
        ],
      }),
    ).toEqual([
      {
        name: { formatted_name: 'Asha Rao', first_name: 'Asha Rao' },
        phones: [{ phone: '+919876543210', type: 'WORK' }],
        emails: [{ email: 'a@example.com' }],
        org: { company: 'Shop' },
      },
    ]);
    expect(bodyOf({ type: 'reaction', toWamid: 'wamid.1', emoji: '' })).toEqual({ message_id: 'wamid.1', emoji: '' });
  });

  it('mark as read, with and without typing', () => {
    expect(readReceiptPayload('wamid.1', 'ticks')).toEqual({
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.1',
    });
    expect(readReceiptPayload('wamid.1', 'ticks-and-typing')).toMatchObject({ typing_indicator: { type: 'text' } });
  });
});
