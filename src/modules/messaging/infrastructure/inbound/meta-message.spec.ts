import type { InboundBody } from '../../application/inbound/inbound-message.js';
import { inboundMessageOf } from './meta-message.js';

const read = (message: object, contact?: object): ReturnType<typeof inboundMessageOf> =>
  inboundMessageOf(
    { message: { from: '16505551234', id: 'wamid.A', timestamp: '1750090702', ...message }, contact },
    { phoneNumberId: '106540352242922', sentAt: new Date(0) },
  );

const CASES: readonly (readonly [object, InboundBody])[] = [
  [
    { type: 'text', text: { body: 'Is it still there?' } },
    { type: 'text', text: 'Is it still there?' },
  ],
  [
    {
      type: 'interactive',
      interactive: { type: 'button_reply', button_reply: { id: 'cancel-button', title: 'Cancel' } },
    },
    { type: 'tap', source: 'button', id: 'cancel-button', title: 'Cancel' },
  ],
  [
    {
      type: 'interactive',
      interactive: {
        type: 'list_reply',
        list_reply: { id: 'priority_express', title: 'Priority Mail Express', description: 'Next day to 2 days' },
      },
    },
    {
      type: 'tap',
      source: 'list',
      id: 'priority_express',
      title: 'Priority Mail Express',
      description: 'Next day to 2 days',
    },
  ],
  [
    { type: 'button', button: { payload: 'PAY_TODAY', text: 'Pay today' } },
    { type: 'tap', source: 'template', id: 'PAY_TODAY', title: 'Pay today' },
  ],
  [
    {
      type: 'interactive',
      interactive: {
        type: 'nfm_reply',
        nfm_reply: { name: 'address_message', body: 'Sent', response_json: '{"pin":"560001"}' },
      },
    },
    { type: 'form', name: 'address_message', response: { pin: '560001' } },
  ],
  [
    { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{broken' } } },
    { type: 'form', response: '{broken' },
  ],
  [
    {
      type: 'image',
      image: { id: '1003383421387256', mime_type: 'image/jpeg', sha256: 'SfInY=', caption: 'Taj Mahal' },
    },
    {
      type: 'media',
      kind: 'image',
      mediaId: '1003383421387256',
      mimeType: 'image/jpeg',
      sha256: 'SfInY=',
      caption: 'Taj Mahal',
    },
  ],
  [
    { type: 'video', video: { id: '1', mime_type: 'video/mp4' } },
    { type: 'media', kind: 'video', mediaId: '1', mimeType: 'video/mp4' },
  ],
  [
    { type: 'audio', audio: { id: '1', mime_type: 'audio/ogg; codecs=opus', voice: true } },
    { type: 'media', kind: 'voice', mediaId: '1', mimeType: 'audio/ogg; codecs=opus' },
  ],
  [
    { type: 'audio', audio: { id: '1', voice: false } },
    { type: 'media', kind: 'audio', mediaId: '1' },
  ],
  [
    { type: 'document', document: { id: '1', filename: 'bill.pdf' } },
    { type: 'media', kind: 'document', mediaId: '1', filename: 'bill.pdf' },
  ],
  [
    { type: 'sticker', sticker: { id: '1', animated: true } },
    { type: 'media', kind: 'sticker', mediaId: '1' },
  ],
  [
    { type: 'location', location: { latitude: 12.97, longitude: 77.59, name: 'Shop', address: 'MG Road' } },
    { type: 'location', latitude: 12.97, longitude: 77.59, name: 'Shop', address: 'MG Road' },
  ],
  [
    { type: 'contacts', contacts: [{ name: { formatted_name: 'Barbara' } }] },
    { type: 'contacts', contacts: [{ name: { formatted_name: 'Barbara' } }] },
  ],
  [
    { type: 'reaction', reaction: { message_id: 'wamid.B', emoji: '👍' } },
    { type: 'reaction', toWamid: 'wamid.B', emoji: '👍' },
  ],
  [
    { type: 'reaction', reaction: { message_id: 'wamid.B' } },
    { type: 'reaction', toWamid: 'wamid.B', emoji: '' },
  ],
  [
    {
      type: 'order',
      order: {
        catalog_id: '194836987003835',
        text: 'Soon please',
        product_items: [{ product_retailer_id: 'di9ozbzfi4', quantity: 2 }],
      },
    },
    {
      type: 'order',
      catalogId: '194836987003835',
      text: 'Soon please',
      items: [{ product_retailer_id: 'di9ozbzfi4', quantity: 2 }],
    },
  ],
  [
    {
      type: 'system',
      system: { type: 'user_changed_number', wa_id: '12195555358', body: 'User A changed from 1 to 2' },
    },
    { type: 'system', event: 'user_changed_number', newWaId: '12195555358', text: 'User A changed from 1 to 2' },
  ],
  [
    { type: 'system', system: { type: 'user_changed_user_id', user_id: 'US.2', previous_user_id: 'US.1' } },
    { type: 'system', event: 'user_changed_user_id', previousUserId: 'US.1' },
  ],
  [
    { type: 'unsupported', errors: [{ code: 131051 }] },
    { type: 'other', providerType: 'unsupported' },
  ],
  [
    { type: 'edit', edit: { original_message_id: 'wamid.B' } },
    { type: 'other', providerType: 'edit' },
  ],
  [
    { type: 'revoke', revoke: { original_message_id: 'wamid.B' } },
    { type: 'other', providerType: 'revoke' },
  ],
  [{}, { type: 'other', providerType: 'unknown' }],
  [
    { type: 'interactive', interactive: { type: 'call_permission_reply' } },
    { type: 'other', providerType: 'interactive' },
  ],
  [
    { type: 'image', image: {} },
    { type: 'other', providerType: 'image' },
  ],
  [{ type: '__proto__' }, { type: 'other', providerType: '__proto__' }],
];

describe("A customer's message is read in NoDue's words (S0.58, S0.59, S1.4, C21, S2.18)", () => {
  it.each(CASES)('%j', (message, body) => {
    expect(read(message).body).toEqual(body);
  });

  it('keeps the message as Meta sent it, and what it replies to', () => {
    const message = read({ type: 'text', text: { body: 'a' }, context: { from: '1555', id: 'wamid.menu' } });
    expect(message).toMatchObject({
      wamid: 'wamid.A',
      contextWamid: 'wamid.menu',
      raw: { context: { id: 'wamid.menu' } },
    });
  });
});

describe('A customer is known by whatever ids the webhook has (F1)', () => {
  it('number, user id, parent id, username and name', () => {
    const contact = {
      wa_id: '16505551234',
      user_id: 'US.1',
      parent_user_id: 'US.ENT.1',
      profile: { name: 'Sheena', username: '@sheena' },
    };
    expect(read({ type: 'text' }, contact).from).toEqual({
      waId: '16505551234',
      userId: 'US.1',
      parentUserId: 'US.ENT.1',
      username: '@sheena',
      profileName: 'Sheena',
    });
  });

  it('the new user id that the system announces', () => {
    const message = {
      from: undefined,
      type: 'system',
      system: { type: 'user_changed_user_id', user_id: 'US.2', previous_user_id: 'US.1' },
    };
    expect(read(message).from).toEqual({ userId: 'US.2' });
  });

  it('the user id alone, on the message or beside it', () => {
    expect(read({ from: undefined, from_user_id: 'US.1', from_parent_user_id: 'US.ENT.1', type: 'text' }).from).toEqual(
      { userId: 'US.1', parentUserId: 'US.ENT.1' },
    );
    expect(read({ from: undefined, type: 'text' }, { user_id: 'US.1' }).from).toEqual({ userId: 'US.1' });
  });
});
