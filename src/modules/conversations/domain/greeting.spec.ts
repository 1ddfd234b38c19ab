import fc from 'fast-check';
import { isGreeting } from './greeting.js';

describe('A greeting opens the menu (S0.65, S0.75)', () => {
  it.each([
    'hi',
    'Hi',
    'HI',
    ' hi ',
    'hi!',
    'Hi.',
    'hii',
    'hiiii',
    'Hi 👋',
    '👋 hi',
    'hello',
    'Hello!!',
    'helo',
    'helllo',
    'hallo',
    'hey',
    'heyyy',
    'Hi there',
    'hello sir',
    'hi hello',
    'Namaste',
    'नमस्ते',
    'हेलो जी'.slice(0, 4),
    'menu',
    'Help',
    'START',
    'ｈｉ',
    'hi\n',
    '"hi"',
  ])('%j', (text) => expect(isGreeting(text)).toBe(true));

  it.each([
    '',
    '  ',
    '👋',
    'high',
    'his',
    'hi, what do I owe?',
    'hello world order',
    'thanks',
    'ok',
    'history',
    'helper',
    'menus',
    'chi',
    'hi hi hi hi hi',
    'I said hi',
    '1',
  ])('but not %j', (text) => expect(isGreeting(text)).toBe(false));

  it('is decided at once for whatever a customer may send (F57)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => typeof isGreeting(text) === 'boolean'),
    );
    expect(isGreeting('h'.repeat(65_536))).toBe(false);
    expect(isGreeting(`h${'e'.repeat(38)}`)).toBe(false);
  });
});
