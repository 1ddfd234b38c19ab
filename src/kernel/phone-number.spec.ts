import fc from 'fast-check';
import { InvalidPhoneNumber, PhoneNumber } from './phone-number.js';

describe('A phone number is E.164 inside and tolerant at the door (S1.71, S1.95, C26)', () => {
  it.each([
    ['+919876543210', undefined, '+919876543210'],
    ['919876543210', undefined, '+919876543210'],
    ['+91 98765-43210', undefined, '+919876543210'],
    ['0091 (98765) 43210', undefined, '+919876543210'],
    ['9876543210', 'IN', '+919876543210'],
    ['09876543210', 'IN', '+919876543210'],
    ['919876543210', 'IN', '+919876543210'],
    ['+306912345678', 'IN', '+306912345678'],
  ])('reads %s in %s as %s', (input, country, e164) => {
    expect(PhoneNumber.parse(input, country).e164).toBe(e164);
  });

  it.each(['', '+', 'hello', '123456', '+0123456789', '+1234567890123456', '98765x43210', '+91 98765\u0000'])(
    'refuses %j',
    (input) => {
      expect(() => PhoneNumber.parse(input)).toThrow(InvalidPhoneNumber);
    },
  );

  it('reads back what it writes, with and without the plus', () => {
    const e164 = fc.stringMatching(/^\+[1-9]\d{6,14}$/);
    fc.assert(
      fc.property(e164, (number) => {
        const parsed = PhoneNumber.parse(number);
        expect(parsed.e164).toBe(number);
        expect(PhoneNumber.parse(parsed.digits).e164).toBe(number);
      }),
    );
  });
});
