import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapedUnicode, signature, webhookBody, type WebhookEvent } from './webhook-payload.js';

function status(phoneNumberId: string, wabaId: string, id: string): WebhookEvent {
  return {
    lane: id,
    kind: 'status',
    field: 'messages',
    wabaId,
    phoneNumberId,
    displayPhoneNumber: '15550000000',
    type: 'sent',
    value: { id },
  };
}

describe('A webhook in the form that Meta signs', () => {
  it('is ASCII and means the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = escapedUnicode(value);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('writes lower-case hex and escaped slashes', () => {
    expect(escapedUnicode({ text: 'é/👍' })).toBe('{"text":"\\u00e9\\/\\ud83d\\udc4d"}');
  });

  it('is signed with the app secret (known answer)', () => {
    // HMAC-SHA256("The quick brown fox jumps over the lazy dog", "key")
    expect(signature('The quick brown fox jumps over the lazy dog', 'key')).toBe(
      'sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8',
    );
  });
});

describe('A batch', () => {
  it('joins the statuses of one number, and keeps numbers and accounts apart', () => {
    const events = [status('1', 'A', 'x'), status('2', 'A', 'y'), status('1', 'A', 'z'), status('3', 'B', 'w')];
    const body = webhookBody(events, new Date(0));
    const seen = (
      body['entry'] as {
        id: string;
        changes: { value: { metadata: { phone_number_id: string }; statuses: { id: string }[] } }[];
      }[]
    ).map(({ id, changes }) => [
      id,
      changes.map(({ value }) => [value.metadata.phone_number_id, value.statuses.map((one) => one.id)]),
    ]);
    expect(seen).toEqual([
      [
        'A',
        [
          ['1', ['x', 'z']],
          ['2', ['y']],
        ],
      ],
      ['B', [['3', ['w']]]],
    ]);
  });
});
