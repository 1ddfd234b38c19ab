import { standingAfter } from './account-standing.js';

describe('A restriction of the account stops its numbers, a reinstatement lets them go on (F8)', () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ['DISABLED_UPDATE', { ban_info: { waba_ban_state: 'DISABLE' } }, { stop: 'ACCOUNT_DISABLED' }],
    ['DISABLED_UPDATE', { ban_info: { waba_ban_state: 'SCHEDULE_FOR_DISABLE' } }, 'unchanged'],
    ['DISABLED_UPDATE', { ban_info: { waba_ban_state: 'REINSTATE' } }, 'reinstated'],
    ['DISABLED_UPDATE', { ban_info: { waba_ban_state: ['DISABLE'] } }, { stop: 'ACCOUNT_DISABLED' }],
    ['DISABLED_UPDATE', {}, 'unchanged'],
    [
      'ACCOUNT_RESTRICTION',
      { restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: 1641848330 }] },
      { stop: 'ACCOUNT_RESTRICTED' },
    ],
    [
      'ACCOUNT_RESTRICTION',
      { restriction_info: [{ restriction_type: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION' }] },
      'unchanged',
    ],
    ['ACCOUNT_RESTRICTION', { restriction_info: 'odd' }, 'unchanged'],
    ['ACCOUNT_DELETED', {}, { stop: 'ACCOUNT_DELETED' }],
    ['ACCOUNT_VIOLATION', {}, 'unchanged'],
    ['SOMETHING_NEW', { ban_info: null }, 'unchanged'],
  ])('%s %j', (event, detail, standing) => expect(standingAfter(event, detail)).toEqual(standing));
});
