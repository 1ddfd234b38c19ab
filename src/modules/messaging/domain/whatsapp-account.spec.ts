import { PhoneNumberNotFound } from './account-errors.js';
import { type Connection, WhatsAppAccount } from './whatsapp-account.js';

const AT = new Date('2026-02-25T09:00:00Z');
const LATER = new Date('2026-02-26T09:00:00Z');

function connection(token = 'token-1', phoneNumberIds = ['1']): Connection {
  const numbers = phoneNumberIds.map((phoneNumberId) => ({
    phoneNumberId,
    displayPhoneNumber: '+15550000001',
    verifiedName: 'Shop',
    qualityRating: 'GREEN',
    throughput: 80,
  }));
  return { wabaId: '9', businessProfileId: null, accessToken: token, numbers };
}

const typesOf = (account: WhatsAppAccount): string[] => account.releaseEvents().map(({ type }) => type);
const statusOf = (account: WhatsAppAccount, phoneNumberId = '1') =>
  account.state.numbers.find((number) => number.phoneNumberId === phoneNumberId)?.status;

function connected(): WhatsAppAccount {
  const account = WhatsAppAccount.connect(connection(), AT);
  account.releaseEvents();
  return account;
}

describe('A WhatsApp account (S0.12)', () => {
  it('is connected with its numbers and a token that is to be sealed', () => {
    const account = WhatsAppAccount.connect(connection('token-1', ['1', '2']), AT);
    expect(account.state).toMatchObject({
      status: 'connected',
      credentialVersion: 1,
      connectedAt: AT,
      numbers: [{ phoneNumberId: '1', status: 'active', purpose: 'default' }, { phoneNumberId: '2' }],
    });
    expect(account.newToken).toBe('token-1');
    expect(typesOf(account)).toEqual(['messaging.account-connected']);
  });

  it('keeps its token out of its state and its events', () => {
    const account = WhatsAppAccount.connect(connection('secret-token'), AT);
    account.reconnect(connection('secret-token'), LATER);
    expect(JSON.stringify([account.state, account.releaseEvents()])).not.toContain('secret-token');
  });

  it("gets a new version with each token, and keeps the merchant's choices", () => {
    const account = connected();
    account.changeNumber('1', { displayName: 'Front desk', purpose: 'retarget' });
    account.reconnect(connection('token-2', ['1', '2']), LATER);
    expect(account.state).toMatchObject({
      credentialVersion: 2,
      connectedAt: AT,
      numbers: [
        { displayName: 'Front desk', purpose: 'retarget' },
        { phoneNumberId: '2', createdAt: LATER },
      ],
    });
    expect(typesOf(account)).toEqual(['messaging.credential-replaced', 'messaging.account-connected']);
  });

  it('stops when its token is refused, once, and starts with the next', () => {
    const account = connected();
    account.refuseCredential(1, 'expired');
    account.refuseCredential(1, 'expired');
    expect(typesOf(account)).toEqual(['messaging.credential-refused']);
    expect(account.state.status).toBe('credential_refused');
    account.reconnect(connection('token-2'), LATER);
    expect(account.state.status).toBe('connected');
  });

  it('is not stopped by a late refusal of an old token', () => {
    const account = connected();
    account.reconnect(connection('token-2'), LATER);
    account.releaseEvents();
    account.refuseCredential(1, 'expired');
    expect(account.state.status).toBe('connected');
    expect(typesOf(account)).toEqual([]);
  });

  it('is disconnected once, with all its numbers', () => {
    const account = connected();
    account.disconnect();
    account.disconnect();
    expect(statusOf(account)).toBe('disconnected');
    expect(typesOf(account)).toEqual(['messaging.account-disconnected']);
    account.reconnect(connection('token-2'), LATER);
    expect(statusOf(account)).toBe('active');
    expect(account.state.connectedAt).toEqual(LATER);
  });
});

describe('A number of an account', () => {
  it('is paused with a reason, once, and resumed by a person or a new connection', () => {
    const account = connected();
    account.pauseNumber('1', 'spam');
    account.pauseNumber('1', 'spam again');
    expect(account.state.numbers[0]).toMatchObject({ status: 'paused', pausedReason: 'spam' });
    account.resumeNumber('1');
    account.resumeNumber('1');
    expect(account.state.numbers[0]).toMatchObject({ status: 'active', pausedReason: null });
    expect(typesOf(account)).toEqual(['messaging.phone-number-paused', 'messaging.phone-number-resumed']);
    account.pauseNumber('1', 'spam');
    account.reconnect(connection(), LATER);
    expect(statusOf(account)).toBe('active');
  });

  it('of a disconnected account stays disconnected', () => {
    const account = connected();
    account.disconnect();
    account.pauseNumber('1', 'spam');
    account.resumeNumber('1');
    expect(statusOf(account)).toBe('disconnected');
  });

  it('changes in what is given only; null empties', () => {
    const account = connected();
    account.changeNumber('1', { displayName: 'Desk', areaId: 'a' });
    expect(account.changeNumber('1', { areaId: null })).toMatchObject({
      displayName: 'Desk',
      areaId: null,
      purpose: 'default',
    });
  });

  it('that it does not have is not found', () => {
    for (const act of ['pauseNumber', 'resumeNumber'] as const)
      expect(() => connected()[act]('404', 'why')).toThrow(PhoneNumberNotFound);
    expect(() => connected().changeNumber('404', {})).toThrow(PhoneNumberNotFound);
  });
});
