import { parse, type Parser } from 'csv-parse';
import { TextDecoder } from 'node:util';
import type { FileRow } from '../../application/imports/import-file.js';
import { Header, knownNamesIn, UnreadableFile } from '../../domain/imports/columns.js';

/** Bytes of a row. A quote that is never closed makes one row of all that follows it. */
const LONGEST_ROW = 64 * 1024;
const SEPARATORS = [',', ';', '\t'] as const;

interface RawRow {
  /** Of the file; of a row that is several lines the last. */
  readonly line: number;
  readonly values: readonly string[];
}

/**
 * A CSV file while it arrives: separated by comma, semicolon or tab, in UTF-8 or in what Excel calls Unicode. It is read no faster than
 * its rows are taken.
 */
export class CsvFile {
  private constructor(
    private readonly header: Header,
    private readonly rest: AsyncIterator<RawRow>,
  ) {}

  /** @throws UnreadableFile */
  static async open(bytes: AsyncIterable<Uint8Array>): Promise<CsvFile> {
    const rows = rawRows(bytes);
    try {
      const first = await rows.next();
      if (first.done) throw new UnreadableFile('The file is empty.');
      return new CsvFile(Header.read(first.value.values), rows);
    } catch (error) {
      await rows.return();
      throw isOfTheFile(error) ? new UnreadableFile('The first line of the file cannot be taken apart.') : error;
    }
  }

  /** Names of columns that mean nothing. */
  get ignoredColumns(): readonly string[] {
    return this.header.ignored;
  }

  /** Every row, once. Where the file cannot be taken apart any more, the rest is one row that says so. */
  async *rows(): AsyncGenerator<FileRow> {
    let line = 1;
    try {
      for (let next = await this.rest.next(); !next.done; next = await this.rest.next()) {
        line = next.value.line;
        yield { line, cells: this.header.cellsOf(next.value.values) };
      }
    } catch (error) {
      if (!isOfTheFile(error)) throw error;
      const message = 'From here on the file cannot be taken apart: a quote is not closed, or a row is too long.';
      yield { line: line + 1, refusal: { code: 'UNREADABLE_REST', message, column: null } };
    } finally {
      await this.rest.return?.();
    }
  }
}

async function* rawRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RawRow, void, void> {
  const texts = decoded(bytes);
  let head = '';
  for (let next = await texts.next(); !next.done; next = await texts.next()) {
    head += next.value;
    if (/[\r\n]/.test(head) || head.length > LONGEST_ROW) break;
  }
  const parser = new RowParser(separatorOf(head));
  yield* parser.take(head);
  for await (const text of texts) yield* parser.take(text);
  yield* parser.end();
}

/** Takes rows out of the parser as it finds them: a stream that fails drops those that nobody has read. */
class RowParser {
  #rows: RawRow[] = [];
  readonly #parser: Parser;

  constructor(delimiter: string) {
    const onRecord = (values: readonly string[], { lines }: { lines: number }): null => {
      this.#rows.push({ line: lines, values });
      return null;
    };
    this.#parser = parse({
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      max_record_size: LONGEST_ROW,
      on_record: onRecord,
    });
    this.#parser.on('error', () => undefined).resume();
  }

  take(text: string): AsyncGenerator<RawRow, void, void> {
    return this.#rowsOf((settled) => this.#parser.write(text, settled));
  }

  end(): AsyncGenerator<RawRow, void, void> {
    return this.#rowsOf((settled) => this.#parser.end(settled));
  }

  async *#rowsOf(work: (settled: (fault?: Error | null) => void) => unknown): AsyncGenerator<RawRow, void, void> {
    const fault = await new Promise<Error | null | undefined>((resolve) => work(resolve));
    const rows = this.#rows;
    this.#rows = [];
    yield* rows;
    if (fault) throw fault;
  }
}

/** UTF-16 where the file says so; everything else is UTF-8. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  let decoder: TextDecoder | undefined;
  let start = new Uint8Array();
  for await (const chunk of bytes) {
    let part = chunk;
    if (!decoder) {
      start = Buffer.concat([start, chunk]);
      if (start.length < 2) continue;
      decoder = new TextDecoder(start[0] === 0xff && start[1] === 0xfe ? 'utf-16le' : 'utf-8');
      part = start;
    }
    const text = decoder.decode(part, { stream: true });
    if (text !== '') yield text;
  }
  const text = decoder ? decoder.decode() : new TextDecoder().decode(start);
  if (text !== '') yield text;
}

/** The separator that makes most sense of the first line. */
function separatorOf(head: string): string {
  const [first = ''] = head.split(/[\r\n]/, 1);
  const known = (separator: string): number => knownNamesIn(first.split(separator));
  return SEPARATORS.reduce((best, separator) => (known(separator) > known(best) ? separator : best));
}

function isOfTheFile(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('CSV_');
}
