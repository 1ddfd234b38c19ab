import { saysTheSame } from './reply-matching.js';

describe('A reply is what a rule waits for, however it is written (S1.9, C50)', () => {
  it.each([
    ['yes', 'Yes'],
    [' YES!! ', 'Yes'],
    ['Yes.', 'yes'],
    ['ＹＥＳ', 'Yes'],
    ['i m in', "I'm in"],
    ['हाँ।', 'हाँ'],
    ['👍', '👍'],
  ])('%s is %s', (said, expected) => {
    expect(saysTheSame(said, expected)).toBe(true);
  });

  it.each([
    ['yesterday', 'Yes'],
    ['yes please', 'Yes'],
    ['', 'Yes'],
    ['👎', '👍'],
    ['हा', 'हाँ'],
  ])('%s is not %s', (said, expected) => {
    expect(saysTheSame(said, expected)).toBe(false);
  });
});
