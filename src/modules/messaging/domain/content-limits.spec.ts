import fc from 'fast-check';
import { checkContent, ContentRefused, type ContentFault, needsListFor } from './content-limits.js';
import type { ButtonsContent, ListContent, MessageContent } from './message-content.js';

function faultsOf(content: MessageContent): readonly ContentFault[] {
  try {
    checkContent(content);
    return [];
  } catch (error) {
    if (error instanceof ContentRefused) return error.faults;
    throw error;
  }
}

const pathsOf = (content: MessageContent): string[] => faultsOf(content).map(({ path }) => path);
const buttons = (titles: readonly string[], more: Partial<ButtonsContent> = {}): ButtonsContent => ({
  type: 'buttons',
  body: 'Choose',
  buttons: titles.map((title, index) => ({ id: `b${index}`, title })),
  ...more,
});
const list = (rows: number, more: Partial<ListContent> = {}): ListContent => ({
  type: 'list',
  body: 'Choose',
  button: 'Open',
  sections: [{ rows: Array.from({ length: rows }, (_, n) => ({ id: `r${n}`, title: `Row ${n}` })) }],
  ...more,
});

/** A field, the content that holds it, and how long it may be (whatsapp-platform.md "Field limits"). */
const FIELDS: [path: string, limit: number, content: (value: string) => MessageContent][] = [
  ['body', 4096, (body) => ({ type: 'text', body })],
  ['header', 60, (header) => buttons(['Yes'], { header })],
  ['body', 1024, (body) => buttons(['Yes'], { body })],
  ['footer', 60, (footer) => buttons(['Yes'], { footer })],
  ['buttons[0].id', 256, (id) => buttons([], { buttons: [{ id, title: 'Yes' }] })],
  ['buttons[0].title', 24, (title) => buttons([title])],
  ['button', 20, (button) => list(1, { button })],
  ['body', 1024, (body) => list(1, { body })],
  ['sections[0].title', 24, (title) => list(0, { sections: [{ title, rows: [{ id: 'a', title: 'A' }] }] })],
  ['sections[0].rows[0].id', 200, (id) => list(0, { sections: [{ rows: [{ id, title: 'A' }] }] })],
  ['sections[0].rows[0].title', 24, (title) => list(0, { sections: [{ rows: [{ id: 'a', title }] }] })],
  [
    'sections[0].rows[0].description',
    72,
    (description) => list(0, { sections: [{ rows: [{ id: 'a', title: 'A', description }] }] }),
  ],
  ['caption', 1024, (caption) => ({ type: 'image', media: { kind: 'image', id: '1' }, caption })],
  ['filename', 240, (filename) => ({ type: 'document', media: { kind: 'document', id: '1' }, filename })],
  ['body.1', 1024, (value) => ({ type: 'template', name: 't', language: 'en', body: { positional: [value] } })],
  ['body.name', 1024, (value) => ({ type: 'template', name: 't', language: 'en', body: { named: { name: value } } })],
  ['header.1', 60, (value) => ({ type: 'template', name: 't', language: 'en', header: { positional: [value] } })],
];

describe('A message keeps the field limits of the platform, or is refused with path and limit', () => {
  it.each(FIELDS)('%s: up to %i characters', (path, limit, content) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: limit + 50 }), fc.constantFrom('x', 'न', '🙂'), (length, character) => {
        const faults = faultsOf(content(character.repeat(length)));
        if (length <= limit) expect(faults).toEqual([]);
        else expect(faults).toEqual([{ path, message: `has more than ${limit} characters`, limit }]);
      }),
      { numRuns: 40 },
    );
  });

  it.each(FIELDS)('%s (at most %i): never blank, never a NUL or half of a character', (path, _limit, content) => {
    for (const value of ['', '  ', 'a\0b', 'a\ud83d']) expect(pathsOf(content(value))).toContain(path);
  });

  it('any text in any field is either refused or can be stored as JSON', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FIELDS),
        fc.string({
          unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom('\0', '\ud83d', '\ude42', '🙂')),
          maxLength: 30,
        }),
        ([, , content], value) => {
          const faults = faultsOf(content(value));
          if (faults.length === 0) expect(value.includes('\0') || !value.isWellFormed()).toBe(false);
        },
      ),
    );
  });

  it('names all faults of a message at once', () => {
    expect(pathsOf(buttons(['a', 'a', '', 'd'], { body: '', footer: 'f'.repeat(61) }))).toEqual([
      'body',
      'footer',
      'buttons',
      'buttons[2].title',
      'buttons',
    ]);
  });
});

describe('Buttons (S0.96, S2, C16)', () => {
  it('are one to three, with different ids and titles: what has more options is a list', () => {
    expect(pathsOf(buttons([]))).toEqual(['buttons']);
    expect(pathsOf(buttons(['a', 'b', 'c']))).toEqual([]);
    expect(pathsOf(buttons(['a', 'b', 'c', 'd']))).toEqual(['buttons']);
    expect(pathsOf(buttons(['a', 'a']))).toEqual(['buttons']);
    expect(
      pathsOf(
        buttons([], {
          buttons: [
            { id: 'x', title: 'a' },
            { id: 'x', title: 'b' },
          ],
        }),
      ),
    ).toEqual(['buttons']);
  });

  it('with a title of 21 to 24 characters are sent as a list, whose ids are shorter', () => {
    expect(needsListFor(buttons(['x'.repeat(20)]))).toBe(false);
    expect(needsListFor(buttons(['ok', 'x'.repeat(21)]))).toBe(true);
    expect(pathsOf(buttons([], { buttons: [{ id: 'i'.repeat(201), title: 'x'.repeat(24) }] }))).toEqual([
      'buttons[0].id',
    ]);
  });
});

describe('A list (F9)', () => {
  it('has up to ten rows in all, whatever the sections', () => {
    expect(pathsOf(list(10))).toEqual([]);
    expect(pathsOf(list(11))).toEqual(['sections']);
    expect(pathsOf(list(0))).toEqual(['sections']);
    const section = (name: string, rows: number) => ({
      title: name,
      rows: Array.from({ length: rows }, (_, n) => ({ id: `${name}${n}`, title: 'Row' })),
    });
    expect(pathsOf(list(0, { sections: [section('A', 5), section('B', 5)] }))).toEqual([]);
    expect(pathsOf(list(0, { sections: [section('A', 5), section('B', 6)] }))).toEqual(['sections']);
  });

  it('names its sections when there are several, and tells its rows apart', () => {
    const rows = [{ id: 'a', title: 'A' }];
    expect(pathsOf(list(0, { sections: [{ rows }, { title: 'B', rows: [{ id: 'b', title: 'B' }] }] }))).toEqual([
      'sections[0].title',
    ]);
    expect(pathsOf(list(0, { sections: [{ rows: [...rows, ...rows] }] }))).toEqual(['sections']);
  });
});

describe('Other contents', () => {
  it('a template has an exact name and language, and variables without line breaks', () => {
    expect(pathsOf({ type: 'template', name: 'Due Today', language: 'english' })).toEqual(['name', 'language']);
    expect(
      pathsOf({
        type: 'template',
        name: 'interactive_due_today',
        language: 'en_US',
        body: { named: { name: 'Asha', amount: 'Rs 500' } },
      }),
    ).toEqual([]);
    expect(pathsOf({ type: 'template', name: 't', language: 'en', body: { positional: ['a\nb', 'c     d'] } })).toEqual(
      ['body.1', 'body.2'],
    );
    expect(
      pathsOf({
        type: 'template',
        name: 't',
        language: 'en',
        buttons: [{ index: 10, kind: 'copy_code', value: 'x'.repeat(16) }],
      }),
    ).toEqual(['buttons[0].index', 'buttons[0].value']);
  });

  it('media are of the kind that they say; captions and file names only where they are shown', () => {
    expect(pathsOf({ type: 'image', media: { kind: 'video', id: '1' } })).toEqual(['media.kind']);
    expect(pathsOf({ type: 'image', media: { kind: 'image', link: 'file:///etc/passwd' } })).toEqual(['media.link']);
    expect(pathsOf({ type: 'audio', media: { kind: 'audio', id: '1' }, caption: 'c' })).toEqual(['caption']);
    expect(
      pathsOf({ type: 'image', media: { kind: 'image', link: 'https://example.com/a.png' }, filename: 'a.png' }),
    ).toEqual(['filename']);
  });

  it('a place lies on the earth', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (latitude, longitude) => {
        const good = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
        expect(pathsOf({ type: 'location', latitude, longitude }).length === 0).toBe(good);
      }),
    );
  });

  it('a reaction is one emoji, or none', () => {
    for (const emoji of ['', '👍', '👨‍👩‍👧‍👦', '🇮🇳', '❤️', '1️⃣'])
      expect(pathsOf({ type: 'reaction', toWamid: 'wamid.x', emoji })).toEqual([]);
    for (const emoji of ['a', '1', '👍👍', 'ok 👍'])
      expect(pathsOf({ type: 'reaction', toWamid: 'wamid.x', emoji })).toEqual(['emoji']);
  });

  it('contacts carry a name', () => {
    expect(pathsOf({ type: 'contacts', contacts: [] })).toEqual(['contacts']);
    expect(pathsOf({ type: 'contacts', contacts: [{ name: { formatted: '' } }] })).toEqual([
      'contacts[0].name.formatted',
    ]);
    expect(
      pathsOf({ type: 'contacts', contacts: [{ name: { formatted: 'Asha' }, phones: [{ phone: '+919876543210' }] }] }),
    ).toEqual([]);
  });
});
