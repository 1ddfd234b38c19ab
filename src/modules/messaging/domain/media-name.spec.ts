import fc from 'fast-check';
import { readFileName } from './media-name.js';

describe("A file's name as a stranger gave it (C57)", () => {
  it.each([
    ['Rechnung ä.pdf', 'Rechnung ä.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\a.jpg', 'a.jpg'],
    ['a"b\r\nset-cookie: x=1.pdf', 'a"bset-cookie: x=1.pdf'],
    ['invoice_\u202egpj.exe', 'invoice_gpj.exe'],
    ['a\u2066b\u2069\u200f\ufeff.pdf', 'ab.pdf'],
    ['a\0b\u0085.txt', 'ab.txt'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(236)}.pdf`],
    [`${'🙂'.repeat(300)}.pdf`, `${'🙂'.repeat(236)}.pdf`],
    ['', undefined],
    [' \n', undefined],
    ['a/', undefined],
    [undefined, undefined],
  ])('%j reads %j', (given, name) => expect(readFileName(given)).toBe(name));

  it('is short, well-formed and of one piece, whatever was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (given) => {
        const name = readFileName(given);
        return (
          name === undefined || (name.isWellFormed() && [...name].length <= 240 && !/[\p{Cc}/\\\u202e]/u.test(name))
        );
      }),
    );
  });
});
