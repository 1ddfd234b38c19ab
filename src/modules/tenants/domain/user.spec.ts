import fc from 'fast-check';
import { type Role, ROLES } from '../../../kernel/access.js';
import { LastAdmin } from './user-errors.js';
import { User } from './user.js';

const AT = new Date('2026-11-21T00:00:00Z');
const create = (id: string, role: Role): User =>
  User.create({ id, email: ' Asha@Example.COM ', name: ' Asha ', role, areaIds: ['b', 'a', 'b'] }, 'hash', AT);

describe('A user', () => {
  it('is kept under one spelling of the e-mail address, with each area once', () => {
    const user = create('1', 'SALES');
    expect(user.state).toMatchObject({
      email: 'asha@example.com',
      name: 'Asha',
      areaIds: ['a', 'b'],
      sessionVersion: 1,
      status: 'active',
    });
    expect(user.releaseEvents().map(({ type, payload }) => [type, payload])).toEqual([
      ['tenants.user-created', { role: 'SALES' }],
    ]);
    expect(user.releaseEvents()).toEqual([]);
  });

  it.each(['disable', 'endAccess', 'changePassword', 'changeRole'] as const)(
    '%s ends the access that was given out',
    (verb) => {
      const user = create('1', 'SALES');
      if (verb === 'disable') user.disable(1);
      if (verb === 'endAccess') user.endAccess();
      if (verb === 'changePassword') user.changePassword('another');
      if (verb === 'changeRole') user.changeRole('LEAD_GEN', 1);
      expect(user.state.sessionVersion).toBe(2);
    },
  );

  it('a role that is the same changes nothing', () => {
    const user = create('1', 'ADMIN');
    user.releaseEvents();
    user.changeRole('ADMIN', 0);
    expect([user.state.sessionVersion, user.releaseEvents()]).toEqual([1, []]);
  });

  it('there is always an active ADMIN, whatever is asked of whom', () => {
    const act = fc.record({ who: fc.nat(3), verb: fc.constantFrom('disable', 'enable', ...ROLES) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const users = ROLES.slice(0, 4).map((role, n) => create(String(n), role));
        for (const { who, verb } of acts) {
          const user = users[who]!;
          const others = users.filter((other) => other !== user && other.isActiveAdmin).length;
          try {
            if (verb === 'disable') user.disable(others);
            else if (verb === 'enable') user.enable();
            else user.changeRole(verb, others);
          } catch (error) {
            expect(error).toBeInstanceOf(LastAdmin);
          }
          expect(users.some(({ isActiveAdmin }) => isActiveAdmin)).toBe(true);
        }
      }),
    );
  });
});
