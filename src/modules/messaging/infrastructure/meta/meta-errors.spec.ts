import { graphFailure, outcomeOf, receiptOutcomeOf } from './meta-errors.js';
import type { GraphAnswer } from './graph-client.js';

const TOKEN = 'mock_token';

function answered(code: number, options: { status?: number; subcode?: number } = {}): GraphAnswer {
  const { status = 400, subcode } = options;
  return {
    kind: 'answered',
    status,
    json: {
      error: {
        message: `(#${code}) Title`,
        type: 'OAuthException',
        code,
        error_subcode: subcode,
        error_data: { messaging_product: 'whatsapp', details: 'Details' },
      },
    },
  };
}

/** Every code of whatsapp-platform.md and reliability 2.5, and the few more that Meta's own table has. */
const CODES: [meaning: string, codes: number[], outcome: object][] = [
  [
    'the app or account is throttled',
    [4, 80007, 80008, 131057, 133016, 2494100],
    { kind: 'throttled', scope: 'account' },
  ],
  ['the number is throttled', [130429], { kind: 'throttled', scope: 'number' }],
  ['the pair of number and customer is throttled', [131056], { kind: 'throttled', scope: 'recipient' }],
  ['the credential is dead or lacks a right', [0, 3, 10, 190, 200, 205, 299, 131005], { kind: 'credential' }],
  ['the number is in trouble', [33, 368, 131031, 131048], { kind: 'refused', about: 'number' }],
  [
    'the account is in trouble',
    [131037, 131042, 131045, 133000, 133005, 133010, 133015, 134011],
    { kind: 'refused', about: 'account' },
  ],
  ['this customer cannot be reached', [130497, 131021, 131026], { kind: 'refused', about: 'recipient' }],
  ['this customer, marketing only', [130472, 131049, 131050], { kind: 'refused', about: 'recipient' }],
  ['the template is stopped', [132007, 132015, 132016, 132068, 132069], { kind: 'refused', about: 'template' }],
  [
    'this message is wrong',
    [
      100, 131008, 131009, 131047, 131051, 131052, 131053, 131062, 131215, 132000, 132001, 132005, 132012, 132018,
      135000,
    ],
    { kind: 'refused', about: 'message' },
  ],
  ['Meta had a fault of its own', [1, 2, 131000, 131016, 133004], { kind: 'unknown', soft: true }],
];

describe('A provider error is classified once, on its code (C54, reliability 2.5.3)', () => {
  for (const [meaning, codes, outcome] of CODES) {
    it.each(codes)(`%i: ${meaning}, whatever the HTTP status`, (code) => {
      for (const status of [200, 400, 401, 403, 429, 500, 503]) {
        expect(outcomeOf(answered(code, { status }), TOKEN)).toMatchObject({
          ...outcome,
          error: { code, detail: 'Details', httpStatus: status },
        });
      }
    });
  }

  it("100 with subcode 33: the number is gone, or not the token's any more", () => {
    expect(outcomeOf(answered(100, { subcode: 33 }), TOKEN)).toMatchObject({ kind: 'refused', about: 'number' });
  });

  it('a code that nobody knows: refused, unless Meta says by 5xx that the fault was its own', () => {
    expect(outcomeOf(answered(987654), TOKEN)).toMatchObject({ kind: 'refused', about: 'message' });
    expect(outcomeOf(answered(987654, { status: 500 }), TOKEN)).toMatchObject({ kind: 'unknown', soft: true });
  });

  it('never shows the token, though Meta repeats it', () => {
    const json = {
      error: {
        code: 190,
        message: `Malformed access token ${TOKEN}`,
        error_data: { details: `token ${TOKEN} is bad` },
      },
    };
    expect(JSON.stringify(outcomeOf({ kind: 'answered', status: 401, json }, TOKEN))).not.toContain(TOKEN);
  });
});

describe('What is not an answer of Meta is unknown, unless nothing was sent (M16)', () => {
  const NEVER_STARTED = [
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ECONNRESET',
  ];
  const STARTED = [
    'ECONNRESET',
    'EPIPE',
    'UND_ERR_SOCKET',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'DEADLINE',
    'ANSWER_TOO_LARGE',
    'NO_JSON',
    'NETWORK_FAULT',
  ];

  it.each(NEVER_STARTED)('%s before anything was written: not sent', (code) => {
    expect(outcomeOf({ kind: 'lost', started: false, code }, TOKEN)).toMatchObject({
      kind: 'not-sent',
      error: { code },
    });
  });

  it.each(STARTED)('%s afterwards: unknown', (code) => {
    expect(outcomeOf({ kind: 'lost', started: true, code }, TOKEN)).toMatchObject({
      kind: 'unknown',
      soft: false,
      error: { code },
    });
  });

  it.each([302, 400, 413, 429, 500, 502, 503, 504])('HTTP %i without Graph JSON: unknown', (status) => {
    expect(outcomeOf({ kind: 'lost', started: true, code: 'NO_JSON', status }, TOKEN)).toMatchObject({
      kind: 'unknown',
      soft: false,
      error: { httpStatus: status },
    });
  });

  it.each([
    [{}],
    [{ messages: [] }],
    [{ messages: [{}] }],
    [{ messages: [{ id: '' }] }],
    [{ messages: 'x' }],
    [[]],
    [{ error: 'text' }],
    [{ error: { message: 'no code' } }],
  ])('HTTP 200 that names no message, %j: unknown', (json) => {
    expect(outcomeOf({ kind: 'answered', status: 200, json }, TOKEN)).toMatchObject({
      kind: 'unknown',
      soft: false,
      error: { code: 'NO_MESSAGE_ID' },
    });
  });

  it('a message id under an HTTP error proves nothing', () => {
    expect(outcomeOf({ kind: 'answered', status: 502, json: { messages: [{ id: 'wamid.1' }] } }, TOKEN)).toMatchObject({
      kind: 'unknown',
    });
  });
});

describe("An answer with the message's id", () => {
  it('is accepted', () => {
    expect(outcomeOf({ kind: 'answered', status: 200, json: { messages: [{ id: 'wamid.1' }] } }, TOKEN)).toEqual({
      kind: 'accepted',
      wamid: 'wamid.1',
    });
  });

  it('a read receipt needs none', () => {
    expect(receiptOutcomeOf({ kind: 'answered', status: 200, json: { success: true } }, TOKEN, 'wamid.1')).toEqual({
      kind: 'accepted',
      wamid: 'wamid.1',
    });
    expect(receiptOutcomeOf(answered(131009), TOKEN, 'wamid.1')).toMatchObject({ kind: 'refused', about: 'message' });
  });

  it('carries no error', () => {
    expect(graphFailure({ kind: 'answered', status: 200, json: { messages: [] } }, TOKEN)).toBeUndefined();
  });
});
