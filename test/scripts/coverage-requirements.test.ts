import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { measureCoverage } from '../../scripts/coverage-requirements.ts';
import { idsIn, testsIn, UnreadableId } from '../../scripts/requirement-names.ts';

const written = (name: string): string[] => idsIn(name).map(({ document, item }) => `${document}.${item}`);
const proves = (source: string): string[] =>
  testsIn('a.test.ts', source).flatMap(({ ids }) => ids.map(({ document, item }) => `${document}.${item}`));

// Tables apart from their tests: the script reads those that stand in place, and nothing here is proved by this file.
const READABLE: [name: string, ids: string[]][] = [
  ['waits (S0.38)', ['S0.38']],
  ['S0.69, S0.71: two', ['S0.69', 'S0.71']],
  ['gates (S0.37-S0.39, C24)', ['S0.37', 'S0.38', 'S0.39']],
  ['short and long dash: S1.2-3, S2.8–S2.9', ['S1.2', 'S1.3', 'S2.8', 'S2.9']],
  ['a decision (C5, D3, F26, reliability 2.10), an IDS0.5', []],
];
const UNREADABLE = ['S0.9-S0.7', 'S0.9-S1.11', 'S0.9-3'];
const PROVING: [what: string, source: string, ids: string[]][] = [
  ['its own', `it('a (S0.1)', () => {});`, ['S0.1']],
  [
    "a suite's",
    `describe('a (S0.1)', () => { describe('b', () => { test('c (S0.2)', () => {}); }); });`,
    ['S0.1', 'S0.2'],
  ],
  [
    'a table',
    `describe.each([1])('a (S0.1) %s', () => { it.each<[x]>([[2]])('b (S0.2)', () => {}); });`,
    ['S0.1', 'S0.2'],
  ],
  ['a tagged table', 'it.each`a\n${1}`("b (S0.2)", () => {});', ['S0.2']],
  [
    'the rows of a table, as far as the name has room for them',
    `it.each([['a', 'S0.5', 'S0.6'], ['b', 'S0.7', 'S0.8']] as const)('%i (%s)', () => {}); it.each(['S0.9'])('100 %%', () => {});`,
    ['S0.5', 'S0.7'],
  ],
  ['a template', 'it(`${many} of them (S0.3)` + " (S0.4)", () => {});', ['S0.3', 'S0.4']],
  ['the only one', `it.only('a (S0.1)', () => {});`, ['S0.1']],
];
const PROVING_NOTHING: [what: string, source: string][] = [
  ['a comment', `// it('a (S0.1)')\nit('b', () => { /* S0.2 */ say('S0.3'); });`],
  ['a suite without a test', `describe('a (S0.1)', () => {});`],
  [
    'what is skipped or still to be written',
    `it.skip('a (S0.1)', () => {}); describe.skip('b (S0.2)', () => { it('c', () => {}); }); it.todo('d (S0.3)');`,
  ],
  ['another function', `audit('a (S0.1)'); x.it('b (S0.2)');`],
];

describe('The numbers in a name', () => {
  it.each(READABLE)('%s', (name, ids) => expect(written(name)).toEqual(ids));

  it.each(UNREADABLE)('refuse what is no range: %s', (name) => expect(() => idsIn(name)).toThrow(UnreadableId));

  it('count all of a range, whichever it is', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.nat(200), fc.nat(30), (document, from, more) => {
        expect(written(`x S${document}.${from}-S${document}.${from + more}`)).toHaveLength(more + 1);
      }),
    );
  });
});

describe('A test proves what its name and the names around it say', () => {
  it.each(PROVING)('%s', (_what, source, ids) => expect(proves(source)).toEqual(ids));

  it.each(PROVING_NOTHING)('%s proves nothing', (_what, source) => expect(proves(source)).toEqual([]));
});

describe('The count', () => {
  let root: string;
  const file = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'nodue-requirements-'));
    file('docs/requirements/s0.md', '# S0\n\n- S0.1 One.\n- S0.2 Two.\n- S0.3 Three.\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is by document, and lists what no test names', () => {
    file('src/a.spec.ts', `it('a (S0.1, S4.1)', () => {});`);
    file('test/deep/b.test.ts', `it('b (S0.1-S0.2)', () => {});`);
    file('test/c.ts', `it('c (S0.3)', () => {});`);
    const { documents, unlisted, errors } = measureCoverage(root);
    expect(documents).toEqual([expect.objectContaining({ name: 'S0', untested: [{ id: 'S0.3', says: 'Three.' }] })]);
    expect(documents[0]?.requirements).toHaveLength(3);
    expect(unlisted).toEqual([{ name: 'S4', named: 1 }]);
    expect(errors).toEqual([]);
  });

  it('leaves out what a document calls later, and knows it all the same', () => {
    file(
      'docs/requirements/s1.md',
      '## Now\n\n- S1.1 One.\n\n## Later: two\n\n- S1.2 Two.\n\n## Now again\n\n- S1.3 Three.\n',
    );
    file('src/a.spec.ts', `it('a (S1.1, S1.2)', () => {});`);
    const { documents, errors } = measureCoverage(root);
    expect(documents[1]).toMatchObject({ name: 'S1', untested: [{ id: 'S1.3' }] });
    expect(documents[1]?.requirements).toHaveLength(2);
    expect(errors).toEqual([]);
  });

  it('reports a number that the document does not have, and a range that is none, with the file', () => {
    file('src/a.spec.ts', `\nit('a (S0.3-S0.4)', () => {});`);
    file('src/b.spec.ts', `it('b (S0.3-S0.2)', () => {});`);
    expect(measureCoverage(root).errors).toEqual([
      'src/a.spec.ts:2: S0.4 is in no document',
      'src/b.spec.ts: S0.3-S0.2 is no range',
    ]);
  });

  it('reports a document that says a number twice, or one of another document', () => {
    file('docs/requirements/s1.md', '- S1.1 One.\n- S1.1 Again.\n- S0.9 Elsewhere.\n');
    expect(measureCoverage(root).errors).toHaveLength(2);
  });
});
