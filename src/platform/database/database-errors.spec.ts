import { databaseCode, isTransient, isUnavailable } from './database-errors.js';

/** As Prisma hands on what its driver adapter was told. */
function wrapped(code: string, originalCode: string): Error {
  const driverAdapterError = { name: 'DriverAdapterError', cause: { originalCode, kind: 'postgres' } };
  return Object.assign(new Error('Database error'), { code, meta: { modelName: 'Thread', driverAdapterError } });
}

describe('The code of a database error', () => {
  it.each(['P2010', 'P2039'])('is what the database said, where Prisma says %s', (code) => {
    expect(databaseCode(wrapped(code, '22021'))).toBe('22021');
    expect(isTransient(wrapped(code, '40P01'))).toBe(true);
    expect(isUnavailable(wrapped(code, '57P01'))).toBe(true);
  });

  it('is Prisma’s, where that says what it was', () => {
    expect(databaseCode(wrapped('P2002', '23505'))).toBe('P2002');
  });
});
