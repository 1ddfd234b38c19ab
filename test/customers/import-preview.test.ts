import fc from 'fast-check';
import { Inbox } from '../conversations/inbox.js';
import { inr, Shop } from './books.js';
import { Files, outcomes } from './files.js';

const phone = (n: number): string => `+9198000${String(n).padStart(5, '0')}`;

/** Few people, dues and mistakes, so that rows meet each other. */
const row = fc.record({
  reference: fc.constantFrom('', '', 'A', 'B', 'C'),
  name: fc.constantFrom('', 'Asha', 'Asha Rao', '=cmd()', '  Ben '),
  phone: fc.oneof(fc.nat(4).map(phone), fc.constantFrom('', '12', '9800000001')),
  language: fc.constantFrom('', '', 'hi', 'en_US', 'klingon!'),
  timezone: fc.constantFrom('', '', 'Asia/Dubai', 'Mars/Olympus'),
  amount: fc.constantFrom('', '', '100', '100.00', '1,00,000', '-1', 'many'),
  due_date: fc.constantFrom('2026-12-10', '10/12/2026', '2027-01-01', '', '31/02/2026'),
  due_reference: fc.constantFrom('', '', 'INV-1', 'INV-2'),
  description: fc.constantFrom('', 'rent', '@SUM(A1)', 'two\nlines'),
});
type Row = typeof row extends fc.Arbitrary<infer Cells> ? Cells : never;

function fileOf(rows: readonly Row[]): string {
  const columns = [
    'reference',
    'name',
    'phone',
    'language',
    'timezone',
    'amount',
    'due_date',
    'due_reference',
    'description',
  ] as const;
  const lines = rows.map((cells) => columns.map((column) => `"${cells[column].replaceAll('"', '""')}"`).join(','));
  return [columns.join(','), ...lines].join('\r\n');
}

describe('A preview (S0.93, S0.94)', () => {
  let inbox: Inbox;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());

  const openShop = async (): Promise<{ shop: Shop; files: Files }> => {
    const shop = await Shop.open(inbox);
    return { shop, files: new Files(inbox, shop.apiKey) };
  };
  const contents = (shop: Shop): Promise<object[]> =>
    shop.sql(`select (select count(*) from contact)::int, (select count(*) from customer)::int, (select count(*) from due)::int,
      (select count(*) from ledger_entry)::int, (select count(*) from reminder)::int, (select count(*) from outbox_event)::int,
      (select count(*) from audit_entry)::int`);

  it('answers what the import will answer and changes nothing; each row has one result; once more changes nothing; the books add up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 25 }), async (rows) => {
        const { shop, files } = await openShop();
        const asha = await shop.customer({ name: 'Asha', phone: phone(0), reference: 'A' });
        await shop.due(asha.id, 10_000, '2026-12-10', { reference: 'INV-1' });
        const file = fileOf(rows);
        const before = await contents(shop);
        const preview = await files.import(file, '?dryRun=true');
        expect(await contents(shop)).toEqual(before);
        const done = await files.import(file);
        expect(outcomes(preview)).toEqual(outcomes(done));
        expect({ ...preview, results: [] }).toEqual({ ...done, results: [], dryRun: true });
        const { results, created, updated, unchanged, refused } = done;
        expect([results.length, created + updated + unchanged + refused]).toEqual([done.rows, done.rows]);
        expect(new Set(results.map(({ line }) => line)).size).toBe(done.rows);
        const again = await files.import(file);
        expect(again.duesAdded).toBe(0);
        expect(await shop.discrepancies()).toEqual([]);

        const exported = await files.export();
        expect(exported).not.toMatch(/(^|[,"\n])[=@]/);
        const back = await files.import(exported, '?dryRun=true');
        expect(outcomes(back).filter((outcome) => !outcome.startsWith('unchanged'))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('remembers over many batches what the file itself would have made', async () => {
    const { files } = await openShop();
    const lines = Array.from({ length: 1300 }, (_, n) => `Customer,${phone(n % 650)},100,2026-12-10`);
    const file = ['name,phone,amount,due_date', ...lines].join('\n');
    const preview = await files.import(file, '?dryRun=true');
    expect(preview).toMatchObject({ rows: 1300, created: 650, updated: 650, duesAdded: 1300 });
    expect(outcomes(await files.import(file))).toEqual(outcomes(preview));
  });

  it('of an export says that nothing would change: nameless, several dues, paid in part, no phone, other words', async () => {
    const { shop, files } = await openShop();
    await shop.call('POST', 'payment-terms', { name: '=Net, "15"', reminderOffsets: [1], sendAt: '10:00' });
    const [term] = (await shop.show('payment-terms')).data;
    const asha = await shop.customer({
      name: '+Asha; "A", Ελλάς',
      reference: '-7',
      paymentTermId: term!.id,
      language: 'hi',
    });
    for (const [reference, description] of [
      ['@INV', '=1+1'],
      ['', '\t\nx  y'],
      ['', "'quoted"],
    ] as const)
      await shop.due(asha.id, 10_050, '2026-12-10', { description, ...(reference && { reference }) });
    await shop.pay(asha.id, 15_000);
    const hidden = await shop.customer({ name: 'Hidden' });
    await shop.sql(`delete from contact_identity where contact_id = $1::uuid`, [hidden.id]);
    await shop.sql(`update contact set name = null where id = $1::uuid`, [hidden.id]);
    const gone = await shop.customer({ name: 'Archived' });
    await shop.call('DELETE', `customers/${gone.id}`);

    const csv = await files.export();
    const [head, ...rows] = csv.trimEnd().split('\r\n');
    expect(head).toBe(
      'reference,name,phone,language,timezone,payment_term,amount,due_date,due_reference,description,customer_id,due_id,outstanding',
    );
    expect(rows).toHaveLength(3);
    expect(csv).toContain(`-7,"'+Asha; ""A"", Ελλάς",${asha.phone},hi,,"'=Net, ""15""",100.50,2026-12-10,`);
    const back = await files.import(csv, '?dryRun=true');
    expect(outcomes(back)).toEqual(['unchanged known', 'unchanged known', 'unchanged']);
    expect(back.ignoredColumns).toEqual(['outstanding']);
  });

  it('pages through more customers and dues than one page holds', async () => {
    const { shop, files } = await openShop();
    const lines = Array.from({ length: 2500 }, (_, n) => `C${n},${phone(n % 800)},${n + 1},2026-12-10`);
    await files.import(['name,phone,amount,due_date', ...lines].join('\n'));
    const rows = (await files.export()).trimEnd().split('\r\n').slice(1);
    expect(rows).toHaveLength(2500);
    expect(new Set(rows.map((line) => line.split(',').at(-2))).size).toBe(2500);
    expect((await shop.show('dues?limit=1')).data[0]!.amount).toEqual(inr(expect.any(Number) as unknown as number));
  });
});
