/**
 * Counts which of the numbered requirements (docs/requirements) are named by at least one test, and lists those that are not.
 * `--strict` makes one without a test an error; a number that no document has is one always.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { idsIn, testsIn, UnreadableId } from './requirement-names.ts';

export interface Requirement {
  id: string;
  says: string;
  /** Stands under a heading that begins with "Later": known, and not counted. */
  later?: true;
}

export interface Coverage {
  /** By document: what there is, and what of it has no test. */
  documents: { name: string; requirements: Requirement[]; untested: Requirement[] }[];
  /** Documents that tests speak of and that are not listed here. */
  unlisted: { name: string; named: number }[];
  /** `file:line: what is wrong`. */
  errors: string[];
}

const TEST_FILES = ['src/**/*.spec.ts', 'test/**/*.test.ts'];
const ITEM = /^- (S\d\.\d+) (.+)$/;
const HEADING = /^#+ /;
const LATER = /^#+ Later\b/;

/** @param root the folder with docs/requirements, src and test */
export function measureCoverage(root: string): Coverage {
  const errors: string[] = [];
  const named = new Set<string>();
  const unlisted = new Map<string, Set<string>>();
  const lists = globSync('docs/requirements/s*.md', { cwd: root })
    .sort()
    .map((path) => ({ name: basename(path, '.md').toUpperCase(), requirements: requirementsIn(root, path, errors) }));
  const known = new Map(lists.map(({ name, requirements }) => [name, new Set(requirements.map(({ id }) => id))]));

  for (const path of TEST_FILES.flatMap((pattern) => globSync(pattern, { cwd: root })).sort()) {
    try {
      for (const { line, ids } of testsIn(path, readFileSync(join(root, path), 'utf8'))) {
        for (const { document, item } of ids) {
          const id = `${document}.${item}`;
          const list = known.get(document);
          if (!list) unlisted.set(document, (unlisted.get(document) ?? new Set()).add(id));
          else if (list.has(id)) named.add(id);
          else errors.push(`${path}:${line}: ${id} is in no document`);
        }
      }
    } catch (error) {
      if (!(error instanceof UnreadableId)) throw error;
      errors.push(`${path}: ${error.message}`);
    }
  }
  return {
    documents: lists.map(({ name, requirements }) => {
      const counted = requirements.filter(({ later }) => !later);
      return { name, requirements: counted, untested: counted.filter(({ id }) => !named.has(id)) };
    }),
    unlisted: [...unlisted].sort().map(([name, ids]) => ({ name, named: ids.size })),
    errors: [...new Set(errors)],
  };
}

function requirementsIn(root: string, path: string, errors: string[]): Requirement[] {
  let isLater = false;
  const items = readFileSync(join(root, path), 'utf8')
    .split('\n')
    .flatMap((line): Requirement[] => {
      if (HEADING.test(line)) isLater = LATER.test(line);
      const [, id, says] = ITEM.exec(line) ?? [];
      return id && says ? [{ id, says, ...(isLater && { later: true }) }] : [];
    });
  const document = basename(path, '.md').toUpperCase();
  items.forEach(({ id }, index) => {
    if (idsIn(id)[0]?.document !== document || items.findIndex((item) => item.id === id) !== index)
      errors.push(`${path}: ${id} stands there twice or in the wrong document`);
  });
  return items;
}

/** @returns the exit code */
export function reportCoverage(root: string, args: string[]): number {
  const { documents, unlisted, errors } = measureCoverage(root);
  for (const { name, requirements, untested } of documents) {
    console.log(`${name}: ${requirements.length - untested.length} of ${requirements.length} have a named test`);
    for (const { id, says } of untested) console.log(`  ${id.padEnd(6)} ${says}`);
  }
  for (const { name, named } of unlisted)
    console.log(`${name}: ${named} named by tests; docs/requirements has no list`);
  for (const error of errors) console.error(error);
  const incomplete = documents.some(({ untested }) => untested.length > 0);
  return errors.length > 0 || (args.includes('--strict') && incomplete) ? 1 : 0;
}
