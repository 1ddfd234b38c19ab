import fc from 'fast-check';
import { AttemptReferences } from './attempt-reference.js';

const references = new AttemptReferences(Buffer.alloc(32, 'a'));
const message = fc.record({ messageId: fc.uuid(), attemptNo: fc.integer({ min: 1, max: 999_999_999 }) });

describe('The reference that travels with a message names its attempt (reliability 2.5.4)', () => {
  it('and comes back as it went, within the 512 characters that the provider echoes', () => {
    fc.assert(
      fc.property(message, (name) => {
        const reference = references.write(name);
        expect(references.read(reference)).toEqual(name);
        expect(reference.length).toBeLessThan(100);
      }),
    );
  });

  it('and is refused when any character of it was changed', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.constantFrom(...'0a-.Zz_'), (name, at, character) => {
        const reference = references.write(name);
        const index = at % reference.length;
        const forged = reference.slice(0, index) + character + reference.slice(index + 1);
        fc.pre(forged !== reference);
        expect(references.read(forged)).toBeUndefined();
      }),
    );
  });

  it('and is refused when another key sealed it, or nobody', () => {
    const name = { messageId: '0190a000-0000-7000-8000-000000000000', attemptNo: 1 };
    expect(references.read(new AttemptReferences(Buffer.alloc(32, 'b')).write(name))).toBeUndefined();
    expect(fc.sample(fc.string(), 200).map((text) => references.read(text))).toEqual(
      Array.from({ length: 200 }, () => undefined),
    );
  });
});
