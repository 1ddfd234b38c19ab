import fc from 'fast-check';
import { checkPassword, PasswordRefused } from './password-policy.js';

const OWNER = { email: 'asha.rao@asha-traders.example', name: 'Asha Rao 42' };

describe('A password', () => {
  it.each([
    'correct horse',
    'a-long-test-password',
    'ééééàààààù€'.repeat(2),
    '密码密码一二三四五六七',
    'x1y2'.repeat(50),
  ])('may be %p', (password) => {
    expect(() => checkPassword(password, OWNER)).not.toThrow();
  });

  it.each([
    ['shorter than ten characters', 'too short'],
    ['short however many bytes it has', '🔑🔒🗝️🔐🔏'],
    ['longer than two hundred', 'abcd'.repeat(51)],
    ['one character', 'a'.repeat(20)],
    ['three characters over and over', 'abcabcabcabc'],
    ["the owner's e-mail address", 'Asha.Rao@asha-traders.example'],
    ["the owner's name", 'asha rao 42'],
  ])('is not %s', (_, password) => {
    expect(() => checkPassword(password, OWNER)).toThrow(PasswordRefused);
  });

  it('is refused for its length whatever it is made of', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 3 }),
        (password) => void expect(() => checkPassword(password.slice(0, 9), OWNER)).toThrow(PasswordRefused),
      ),
    );
  });
});
