import fc from 'fast-check';
import type { FileRow } from '../../src/modules/customers/application/imports/import-file.js';
import { UnreadableFile } from '../../src/modules/customers/domain/imports/columns.js';
import { CsvFile } from '../../src/modules/customers/infrastructure/imports/csv-file.js';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(file: string | Uint8Array, size = 7): Promise<{ rows: FileRow[]; ignored: readonly string[] }> {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  const csv = await CsvFile.open(inChunks(bytes, size));
  const rows: FileRow[] = [];
  for await (const row of csv.rows()) rows.push(row);
  return { rows, ignored: csv.ignoredColumns };
}

const cells = async (file: string | Uint8Array): Promise<unknown[]> =>
  (await read(file)).rows.map((row) => ('cells' in row ? row.cells : row.refusal.code));

describe('A file of customers is read as people save it (S0.93)', () => {
  it.each([
    ['commas', 'name,phone\nAsha,+919876543210\n'],
    ['semicolons, as Excel writes them in half of the world', 'name;phone\nAsha;+919876543210\n'],
    ['tabs', 'name\tphone\nAsha\t+919876543210\n'],
    ['a byte order mark and CRLF', '\ufeffname,phone\r\nAsha,+919876543210\r\n'],
    ['old Macs', 'name,phone\rAsha,+919876543210\r'],
    ['no line break at the end', 'name,phone\nAsha,+919876543210'],
    ['other names and another order', 'Mobile No.,Customer Name\n+919876543210,Asha\n'],
    ['quotes and space', '"name" , "phone"\n Asha ,"+919876543210"\n'],
    ['rows without any value', 'name,phone\n,\n\nAsha,+919876543210\n ,\n'],
  ])('%s', async (_, file) => {
    expect(await cells(file)).toEqual([{ name: 'Asha', phone: '+919876543210' }]);
  });

  it('UTF-16, which Excel calls Unicode', async () => {
    const file = Buffer.from('\ufeffname\tphone\r\nआशा\t+919876543210\r\n', 'utf16le');
    expect(await cells(file)).toEqual([{ name: 'आशा', phone: '+919876543210' }]);
  });

  it('separators, quotes and line breaks within quotes; the line is that of the file', async () => {
    const { rows } = await read('name,phone,description\n"Rao, ""Asha""",1,"two\nlines"\nB,2,\n');
    expect(rows).toEqual([
      { line: 3, cells: { name: 'Rao, "Asha"', phone: '1', description: 'two\nlines' } },
      { line: 4, cells: { name: 'B', phone: '2' } },
    ]);
  });

  it('columns that mean nothing are named and not read', async () => {
    const { rows, ignored } = await read('phone,colour,name\n1,red,Asha\n');
    expect(ignored).toEqual(['colour']);
    expect(rows).toEqual([{ line: 2, cells: { phone: '1', name: 'Asha' } }]);
  });

  it('a row with more or fewer values than columns is a row', async () => {
    expect(await cells('phone,name\n1\n2,B,more\n')).toEqual([{ phone: '1' }, { phone: '2', name: 'B' }]);
  });

  it.each([
    ['nothing', ''],
    ['no column that names a customer', 'amount,due_date\n1,2\n'],
    ['two columns for one thing', 'phone,mobile\n1,2\n'],
    ['a quote that is never closed', '"phone,name\n1,2\n'],
    ['a line without an end', 'phone,'.padEnd(200_000, 'x')],
  ])('a file is refused as a whole where its first line is %s', async (_, file) => {
    await expect(read(file, 4096)).rejects.toThrow(UnreadableFile);
  });

  it('from an open quote on, the rest is one row that says so; what came before counts', async () => {
    const rest = '3,C\n'.repeat(50_000);
    expect(await cells(`phone,name\n1,A\n2,"B\n${rest}`)).toEqual([{ phone: '1', name: 'A' }, 'UNREADABLE_REST']);
    expect(await cells('phone,name\n1,A\n2,"B\n3,C\n')).toEqual([{ phone: '1', name: 'A' }, 'UNREADABLE_REST']);
  });

  it('whatever it holds and however it arrives: rows in the order of the file, or a refusal in words of ours', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z,;"\r\n\t'= ]*$/));
    const file = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      text.map((rest) => new TextEncoder().encode(`phone,name,amount\n${rest}`)),
    );
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
        const whole = await read(bytes, 1000).catch((error: unknown) => error);
        const parts = await read(bytes, size).catch((error: unknown) => error);
        if (whole instanceof Error) {
          expect(whole).toBeInstanceOf(UnreadableFile);
          expect(parts).toEqual(whole);
          return;
        }
        expect(parts).toEqual(whole);
        const lines = (whole as Awaited<ReturnType<typeof read>>).rows.map(({ line }) => line);
        expect(lines).toEqual(lines.toSorted((a, b) => a - b));
        expect(lines.every((line) => line >= 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
