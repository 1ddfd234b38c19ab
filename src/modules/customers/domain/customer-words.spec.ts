import { UnknownCustomerWord, wellSpelt } from './customer-words.js';

describe("A customer's words", () => {
  it('come in one spelling', () => {
    expect(wellSpelt({ name: ' Asha  Rao ', language: 'EN-us', timezone: 'Asia/Kolkata', reference: ' C-1 ' })).toEqual(
      {
        name: 'Asha  Rao',
        language: 'en_US',
        timezone: 'Asia/Kolkata',
        reference: 'C-1',
      },
    );
  });

  it('that are left out or taken away stay so', () => {
    expect(wellSpelt({ reference: null, timezone: undefined })).toEqual({ reference: null, timezone: undefined });
  });

  it.each([
    { name: ' ' },
    { name: 'a\u0000b' },
    { reference: 'a\nb' },
    { language: 'english' },
    { timezone: '+05:30' },
    { timezone: 'Mars/Olympus' },
  ])('that name nothing are refused: %j', (profile) => {
    expect(() => wellSpelt(profile)).toThrow(UnknownCustomerWord);
  });
});
