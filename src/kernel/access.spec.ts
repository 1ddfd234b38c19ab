import { reachesAllAreas, ROLES, SCOPES, scopesOf } from './access.js';

describe('Roles (S1.25-S1.28)', () => {
  it('an ADMIN may do everything', () => {
    expect(scopesOf('ADMIN')).toEqual(new Set(SCOPES));
  });

  it('a DEVELOPER sets up the machinery, and manages neither people nor the merchant', () => {
    expect(SCOPES.filter((scope) => !scopesOf('DEVELOPER').has(scope))).toEqual(['people:write', 'tenant:write']);
  });

  it.each(['SALES_TEAM_LEAD', 'SALES', 'LEAD_GEN'] as const)(
    '%s talks with customers, and can change nothing else',
    (role) => {
      const changes = [...scopesOf(role)].filter((scope) => scope.endsWith(':write'));
      expect(changes).toEqual(['messages:write', 'conversations:write', 'customers:write']);
      expect(scopesOf(role).has('audit:read')).toBe(false);
    },
  );

  it('whoever may write something may read it', () => {
    for (const role of ROLES) {
      for (const scope of scopesOf(role)) expect(scopesOf(role)).toContain(scope.replace(':write', ':read'));
    }
  });

  it('ADMIN and DEVELOPER work with all areas, the others with theirs', () => {
    expect(ROLES.filter(reachesAllAreas)).toEqual(['ADMIN', 'DEVELOPER']);
  });
});
