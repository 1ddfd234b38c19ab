import { newId } from '../../src/kernel/ids.js';
import { ImportCustomers } from '../../src/modules/customers/application/imports/import-customers.js';
import type { FileRow } from '../../src/modules/customers/application/imports/import-file.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { Inbox } from '../conversations/inbox.js';
import { inr, Shop } from './books.js';
import { Files, outcomes } from './files.js';

describe('A file of customers and dues', () => {
  let inbox: Inbox;
  let shop: Shop;
  let files: Files;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    shop = await Shop.open(inbox);
    files = new Files(inbox, shop.apiKey);
  });

  /** Everything that an import may write, counted. */
  const everything = (): Promise<Record<string, number>[]> =>
    shop.sql(
      ['contact', 'contact_identity', 'customer', 'due', 'ledger_entry', 'reminder', 'outbox_event']
        .map(
          (table) =>
            `select '${table}' as name, count(*)::int as n, max(xmin::text::bigint)::int as latest from ${table}`,
        )
        .join(' union all '),
    );

  it('makes customers, with everything that it says of them (S0.93)', async () => {
    await shop.call('POST', 'payment-terms', {
      name: 'Net 15',
      reminderOffsets: [1],
      overdueSteps: [1],
      sendAt: '10:00',
    });
    const { results, ...counts } = await files.import(
      'reference,name,phone,language,timezone,payment_term\nC-1,Asha Rao,98765 43210,hi,Asia/Dubai,net 15\n,Ben,+971501234567,,,\n',
    );
    expect(counts).toEqual({
      dryRun: false,
      rows: 2,
      created: 2,
      updated: 0,
      unchanged: 0,
      refused: 0,
      duesAdded: 0,
      ignoredColumns: [],
    });
    const [asha, ben] = await Promise.all(results.map(({ customerId }) => shop.show(`customers/${customerId}`)));
    expect(asha).toMatchObject({
      name: 'Asha Rao',
      phone: '+919876543210',
      reference: 'C-1',
      language: 'hi',
      timezone: 'Asia/Dubai',
      paymentTermId: expect.any(String),
      currentDue: inr(0),
    });
    expect(ben).toMatchObject({ name: 'Ben', phone: '+971501234567', reference: null, language: null, timezone: null });
  });

  it('adds dues as a person does: lines, credit, reminders, events (S0.94, S0.18)', async () => {
    const ben = await shop.customer({ reference: 'BEN' });
    await shop.pay(ben.id, 30_000);
    const { results, duesAdded } = await files.import(
      'reference,name,phone,amount,due_date,due_reference,description\n' +
        'ASHA,Asha,+919800011111,"1,23,456.50",10/12/2026,INV-1,Rice\n' +
        'BEN,,,500,2026-12-10,,\n',
    );
    expect(duesAdded).toBe(2);
    expect(results.map(({ outcome, due }) => [outcome, due])).toEqual([
      ['created', 'added'],
      ['updated', 'added'],
    ]);
    expect(await shop.show(`dues/${results[0]!.dueId}`)).toMatchObject({
      amount: inr(1_23_456_50),
      dueDate: '2026-12-10',
      reference: 'INV-1',
      description: 'Rice',
    });
    expect(await shop.show(`dues/${results[1]!.dueId}`)).toMatchObject({ status: 'PARTIAL', outstanding: inr(20_000) });
    expect(await shop.discrepancies()).toEqual([]);
    const planned = await shop.sql(
      `select due_id from reminder where status = 'pending' group by due_id having count(*) = 3`,
    );
    expect(planned).toHaveLength(2);
    const added = await shop.sql(`select 1 from outbox_event where type = 'customers.due-added'`);
    expect(added).toHaveLength(2);
    const recordedBy = await shop.sql<{ by: string }>(`select distinct recorded_by as by from ledger_entry`);
    expect(recordedBy).toEqual([{ by: expect.stringMatching(/^api-key:/) }]);
    const audited = await shop.sql(
      `select details->'duesAdded' as n from audit_entry where action = 'customers.imported'`,
    );
    expect(audited).toEqual([{ n: 2 }]);
  });

  it('changes nothing when it comes again, not even a row in the database (S0.94)', async () => {
    const file =
      'reference,name,phone,amount,due_date,due_reference,description\n' +
      'C-1,Asha,+919800011111,100,2026-12-10,INV-1,\n' +
      'C-1,Asha,+919800011111,100,2026-12-10,,rent\n' +
      'C-1,Asha,+919800011111,100,2026-12-10,,rent\n' +
      ',Ben,+919800022222,100,2026-12-10,,rent\n' +
      ',Ben,+919800022222,,,,\n';
    expect(outcomes(await files.import(file))).toEqual([
      'created added',
      'updated added',
      'updated added',
      'created added',
      'unchanged',
    ]);
    const before = await everything();
    const again = await files.import(file);
    expect(outcomes(again)).toEqual([
      'unchanged known',
      'unchanged known',
      'unchanged known',
      'unchanged known',
      'unchanged',
    ]);
    expect(again.duesAdded).toBe(0);
    expect(await everything()).toEqual(before);
    // An equal row more is a due more, wherever it stands.
    expect(outcomes(await files.import(`${file}C-1,,,100,2026-12-10,,rent\n`)).at(-1)).toBe('updated added');
    expect((await shop.show(`customers/${again.results[0]!.customerId}`)).currentDue).toEqual(inr(40_000));
  });

  it('finds its dues again though they were corrected or paid', async () => {
    const file = 'name,phone,amount,due_date\nAsha,+919800011111,100,2026-12-10\n';
    const { results } = await files.import(file);
    await shop.call('PATCH', `dues/${results[0]!.dueId}`, { amount: inr(8000) });
    await shop.pay(results[0]!.customerId!, 8000);
    expect(outcomes(await files.import(file))).toEqual(['unchanged known']);
  });

  it('names a customer by reference, else by phone; empty values change nothing (S0.93)', async () => {
    const asha = await shop.customer({ name: 'Asha', phone: '+919800011111', reference: 'A', language: 'hi' });
    const ben = await shop.customer({ name: 'Ben', phone: '+919800022222' });
    const { results } = await files.import(
      'reference,name,phone,timezone\nA,Asha Rao,,\nB,,+919800022222,Asia/Dubai\nA,Asha Rao,+919800033333,\n,,+919800033333,\n',
    );
    expect(results.map(({ outcome, customerId }) => [outcome, customerId])).toEqual([
      ['updated', asha.id],
      ['updated', ben.id],
      ['updated', asha.id],
      ['unchanged', asha.id],
    ]);
    expect(await shop.show(`customers/${asha.id}`)).toMatchObject({
      name: 'Asha Rao',
      phone: '+919800033333',
      reference: 'A',
      language: 'hi',
    });
    expect(await shop.show(`customers/${ben.id}`)).toMatchObject({
      name: 'Ben',
      reference: 'B',
      timezone: 'Asia/Dubai',
    });
  });

  it('begins books on a contact who wrote before, and again on one whose books were archived', async () => {
    const contactId = newId();
    await shop.sql(
      `with c as (insert into contact (tenant_id, id, profile_name, created_at, updated_at) values ($1::uuid, $2::uuid, 'asha :)', now(), now()))
       insert into contact_identity (tenant_id, kind, value, contact_id, created_at) values ($1::uuid, 'phone', '+919800011111', $2::uuid, now())`,
      [shop.tenantId, contactId],
    );
    const ben = await shop.customer({ phone: '+919800022222', reference: 'B' });
    await shop.call('DELETE', `customers/${ben.id}`);
    const { results } = await files.import('name,phone,reference\nAsha,+919800011111,\n,+919800022222,\n');
    expect(results.map(({ outcome, customerId }) => [outcome, customerId])).toEqual([
      ['created', contactId],
      ['updated', ben.id],
    ]);
    expect(await shop.show(`customers/${contactId}`)).toMatchObject({ name: 'Asha' });
    expect(await shop.show(`customers/${ben.id}`)).toMatchObject({ archivedAt: null, reference: 'B' });
  });

  it('plans open dues anew where it changes a zone or a term', async () => {
    const asha = await shop.customer({ phone: '+919800011111' });
    await shop.due(asha.id, 1000, '2026-12-10');
    await files.import('phone,timezone\n+919800011111,Europe/Athens\n');
    const plan = await shop.sql<{ at: Date }>(
      `select scheduled_for as at from reminder where status = 'pending' order by scheduled_for`,
    );
    expect(plan.map(({ at }) => at.toISOString().slice(11, 16))).toEqual(['07:00', '07:00', '07:00']);
  });

  it.each([
    ['CUSTOMER_UNNAMED phone', { name: 'Asha' }],
    ['NAME_REQUIRED name', { phone: '+919800099999' }],
    ['PHONE_REQUIRED phone', { name: 'Asha', reference: 'NEW' }],
    ['INVALID_PHONE_NUMBER phone', { name: 'Asha', phone: '12' }],
    ['UNKNOWN_VALUE language', { phone: '+919800011111', language: 'Hindi please' }],
    ['UNKNOWN_VALUE timezone', { phone: '+919800011111', timezone: 'Mars/Olympus' }],
    ['UNKNOWN_PAYMENT_TERM payment_term', { phone: '+919800011111', payment_term: 'Net 90' }],
    ['TOO_LONG name', { phone: '+919800011111', name: 'x'.repeat(201) }],
    ['UNKNOWN_CUSTOMER customer_id', { customer_id: newId() }],
    ['UNKNOWN_VALUE customer_id', { customer_id: '17' }],
    ['REFERENCE_DIFFERS reference', { phone: '+919800011111', reference: 'OTHER' }],
    ['PHONE_TAKEN phone', { reference: 'A', phone: '+919800022222' }],
    ['INVALID_AMOUNT amount', { reference: 'A', amount: 'lots', due_date: '2026-12-10' }],
    ['INVALID_AMOUNT amount', { reference: 'A', amount: '1.234', due_date: '2026-12-10' }],
    ['AMOUNT_NOT_POSITIVE amount', { reference: 'A', amount: '-5', due_date: '2026-12-10' }],
    ['AMOUNT_NOT_POSITIVE amount', { reference: 'A', amount: '0.00', due_date: '2026-12-10' }],
    ['AMOUNT_REQUIRED amount', { reference: 'A', due_date: '2026-12-10' }],
    ['CURRENCY_MISMATCH amount', { reference: 'A', amount: 'USD 5', due_date: '2026-12-10' }],
    ['INVALID_DATE due_date', { reference: 'A', amount: '5', due_date: '31/02/2026' }],
    ['INVALID_DATE due_date', { reference: 'A', amount: '5', due_date: '12/31/2026' }],
    ['DUE_DATE_REQUIRED due_date', { reference: 'A', amount: '5' }],
    ['UNKNOWN_DUE due_id', { reference: 'A', amount: '5', due_date: '2026-12-10', due_id: newId() }],
    ['DUE_DIFFERS amount', { reference: 'A', amount: '6', due_date: '2026-12-10', due_reference: 'INV-1' }],
    ['DUE_DIFFERS due_date', { reference: 'A', amount: '5', due_date: '2026-12-11', due_reference: 'INV-1' }],
  ])('refuses a row, and only that one: %s', async (refusal, cells: Record<string, string>) => {
    const asha = await shop.customer({ name: 'Asha', phone: '+919800011111', reference: 'A' });
    await shop.customer({ name: 'Ben', phone: '+919800022222', reference: 'B' });
    await shop.due(asha.id, 500, '2026-12-10', { reference: 'INV-1' });
    const columns = ['name', 'phone', ...Object.keys(cells).filter((name) => name !== 'name' && name !== 'phone')];
    const file = [
      columns.join(','),
      'First,+919800077777',
      columns.map((column) => `"${cells[column] ?? ''}"`).join(','),
      'Last,+919800088888',
    ].join('\n');
    const before = await shop.show(`customers/${asha.id}`);
    expect(outcomes(await files.import(file))).toEqual(['created', `refused ${refusal}`, 'created']);
    expect(await shop.show(`customers/${asha.id}`)).toEqual(before);
  });

  it('takes the date of a due that has a reference from the payment term', async () => {
    await shop.call('POST', 'payment-terms', { name: 'Net 15', dueInDays: 15, reminderOffsets: [1], sendAt: '10:00' });
    const { results } = await files.import(
      'name,phone,payment_term,amount,invoice\nAsha,+919800011111,Net 15,100,INV-1\n',
    );
    expect(await shop.show(`dues/${results[0]!.dueId}`)).toMatchObject({ dueDate: '2026-12-06' });
  });

  it('that stops coming leaves whole batches; sent again, it completes the rest (S0.94)', async () => {
    const cells = (n: number) => ({
      name: `Customer ${n}`,
      phone: `+9198${String(n).padStart(8, '0')}`,
      amount: '100',
      due_date: '2026-12-10',
    });
    async function* rows(count: number): AsyncGenerator<FileRow> {
      for (let n = 1; n <= count; n++) yield { line: n + 1, cells: cells(n) };
      if (count < 1100) throw new Error('The client is gone');
    }
    const run = (count: number): Promise<unknown> =>
      inbox.in(shop.tenantId, () =>
        inbox.get(Commands).execute(new ImportCustomers(rows(count), 'write', () => Promise.resolve())),
      );
    await expect(run(700)).rejects.toThrow('The client is gone');
    expect(await shop.sql(`select count(*)::int as n from due`)).toEqual([{ n: 500 }]);
    expect(await run(1100)).toMatchObject({ rows: 1100, unchanged: 500, created: 600, duesAdded: 600 });
    expect(await shop.sql(`select count(*)::int as n from due`)).toEqual([{ n: 1100 }]);
    expect(await shop.discrepancies()).toEqual([]);
  });

  it('that comes twice at once makes each customer and due once (S0.94)', async () => {
    const file = [
      'name,phone,amount,due_date,due_reference',
      ...Array.from(
        { length: 120 },
        (_, n) => `C${n},+9198${String(n).padStart(8, '0')},10,2026-12-10,${n % 2 ? `INV-${n}` : ''}`,
      ),
    ].join('\n');
    const reversed = [file.split('\n')[0], ...file.split('\n').slice(1).reverse()].join('\n');
    const answers = await Promise.all([files.import(file), files.import(reversed), files.import(file)]);
    expect(answers.reduce((sum, { created }) => sum + created, 0)).toBe(120);
    expect(answers.reduce((sum, { duesAdded }) => sum + duesAdded, 0)).toBe(120);
    expect(answers.map(({ refused }) => refused)).toEqual([0, 0, 0]);
  });

  it('lists refused rows alone when asked', async () => {
    const { results, rows, created } = await files.import(
      'name,phone\nAsha,+919800011111\nBen,x\n',
      '?results=refused',
    );
    expect([rows, created, results.map(({ line, code }) => [line, code])]).toEqual([
      2,
      1,
      [[3, 'INVALID_PHONE_NUMBER']],
    ]);
  });

  it('is refused as a whole where it is none', async () => {
    expect(await files.send('')).toMatchObject({ status: 422, body: { code: 'UNREADABLE_FILE' } });
    expect(await files.send('\n')).toMatchObject({ status: 422, body: { code: 'UNREADABLE_FILE' } });
    expect(await files.send('colour,size\nred,2\n')).toMatchObject({ status: 422, body: { code: 'UNREADABLE_FILE' } });
    expect(await files.send('{}', '', { 'content-type': 'application/json' })).toMatchObject({ status: 415 });
    expect(await files.send('a', '?dryRun=perhaps')).toMatchObject({ status: 400 });
    expect(await files.send('a', '', { authorization: 'Bearer nd_none' })).toMatchObject({ status: 401 });
  });

  it('comes to its own route only, and needs a key that may write customers and their books', async () => {
    const answer = await files.send('a,b\n', '/../../payment-terms');
    expect(answer).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    const { body } = await shop.call('POST', 'api-keys', { name: 'half', scopes: ['ledger:write', 'ledger:read'] });
    const half = new Files(inbox, (body as unknown as { key: string }).key);
    expect(await half.send('phone\n1\n')).toMatchObject({ status: 403 });
    expect((await half.get('customers/export')).statusCode).toBe(403);
  });

  it("cannot name another merchant's customers or dues (G6)", async () => {
    const other = await Shop.open(inbox);
    const theirs = await other.customer({ reference: 'THEIRS' });
    const due = await other.due(theirs.id, 500);
    const { results } = await files.import(
      `customer_id,name,phone,amount,due_date,due_id\n${theirs.id},Taken,,,,\n,Asha,+919800011111,5,2026-12-01,${due.id}\n`,
    );
    expect(results.map(({ code }) => code)).toEqual(['UNKNOWN_CUSTOMER', 'UNKNOWN_DUE']);
    expect(await other.show(`customers/${theirs.id}`)).toMatchObject({ name: 'Asha', currentDue: inr(500) });
    expect(await files.export()).not.toContain(theirs.id);
  });
});
