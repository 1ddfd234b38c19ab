/** Which requirements the names of tests carry: read from the source with the compiler's own parser, without running anything. */
import ts from 'typescript';

/** `document` is S0..S4, `item` the number after the point. */
export interface RequirementId {
  document: string;
  item: number;
}

/** A test, and what its own name and those of the `describe`s around it say that it proves. */
export interface NamedTest {
  name: string;
  line: number;
  ids: RequirementId[];
}

/** A name that cannot be read as what it seems to say. */
export class UnreadableId extends Error {}

const SUITES = ['describe'];
const TESTS = ['it', 'test'];
const OMITTED = ['skip', 'todo'];
/** `S0.20`, or a range: `S0.20-S0.23`, `S0.20-23`, with a hyphen or a dash. */
const ID = /\bS(\d)\.(\d+)(?:\s*[-\u2010-\u2015]\s*(?:S(\d)\.)?(\d+)\b)?/g;

/** @throws UnreadableId for a range that runs backwards or from one document into another */
export function idsIn(name: string): RequirementId[] {
  return [...name.matchAll(ID)].flatMap(([written, document, first, otherDocument, last]) => {
    const from = Number(first);
    const to = Number(last ?? first);
    if (to < from || (otherDocument !== undefined && otherDocument !== document))
      throw new UnreadableId(`${written} is no range`);
    return Array.from({ length: to - from + 1 }, (_, index) => ({ document: `S${document}`, item: from + index }));
  });
}

/** Tests that run: what is skipped, or still to be written, proves nothing. */
export function testsIn(path: string, source: string): NamedTest[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const found: NamedTest[] = [];
  const visit = (node: ts.Node, around: RequirementId[]): void => {
    const call = ts.isCallExpression(node) ? asTestCall(node) : undefined;
    if (!call || !ts.isCallExpression(node)) return ts.forEachChild(node, (child) => visit(child, around));
    if (call.omitted) return;
    const ids = [...around, ...idsIn(call.name)];
    if (TESTS.includes(call.word)) {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ name: call.name, line, ids });
    } else node.arguments.forEach((argument) => visit(argument, ids));
  };
  visit(file, []);
  return found;
}

/** `it(name, ...)`, `it.only(name, ...)`, `it.each(table)(name, ...)`, `describe.each<T>(table)(name, ...)`, ... */
function asTestCall(call: ts.CallExpression): { word: string; name: string; omitted: boolean } | undefined {
  const said: string[] = [];
  let callee: ts.Expression = call.expression;
  for (;;) {
    if (ts.isPropertyAccessExpression(callee)) {
      said.push(callee.name.text);
      callee = callee.expression;
    } else if (ts.isCallExpression(callee)) callee = callee.expression;
    else if (ts.isTaggedTemplateExpression(callee)) callee = callee.tag;
    else break;
  }
  if (!ts.isIdentifier(callee) || ![...SUITES, ...TESTS].includes(callee.text)) return undefined;
  // The table of `it.each(table)(...)` is a call as well: it is followed by the name, and has none itself.
  if (said[0] === 'each' && ts.isPropertyAccessExpression(call.expression)) return undefined;
  const [name] = call.arguments;
  if (!name) return undefined;
  const text = [textOf(name), ...filledIn(textOf(name), call.expression)].join(' ');
  return { word: callee.text, name: text, omitted: said.some((word) => OMITTED.includes(word)) };
}

/** Texts that the rows of a table written in place put into the placeholders of a name. */
function filledIn(name: string, each: ts.Expression): string[] {
  const places = name.replaceAll(/%[%#]/g, '').match(/%[a-z]/g)?.length ?? 0;
  let table = ts.isCallExpression(each) ? each.arguments[0] : undefined;
  while (table && ts.isAsExpression(table)) table = table.expression;
  if (!table || !ts.isArrayLiteralExpression(table)) return [];
  return table.elements.flatMap((row) =>
    (ts.isArrayLiteralExpression(row) ? [...row.elements] : [row]).slice(0, places).map(textOf),
  );
}

/** What of a name is written in the source; what is filled in when it runs is left out. */
function textOf(name: ts.Expression): string {
  if (ts.isStringLiteralLike(name)) return name.text;
  if (ts.isTemplateExpression(name))
    return [name.head.text, ...name.templateSpans.map(({ literal }) => literal.text)].join('…');
  if (ts.isBinaryExpression(name)) return textOf(name.left) + textOf(name.right);
  if (ts.isParenthesizedExpression(name)) return textOf(name.expression);
  return '';
}
