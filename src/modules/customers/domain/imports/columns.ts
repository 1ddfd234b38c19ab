import { DomainError } from '../../../../kernel/domain-error.js';

/** What a file may say about a customer and about what they owe, in the order in which exports say it. */
export const COLUMNS = [
  'reference',
  'name',
  'phone',
  'language',
  'timezone',
  'payment_term',
  'amount',
  'due_date',
  'due_reference',
  'description',
  'customer_id',
  'due_id',
] as const;
export type Column = (typeof COLUMNS)[number];

/** One row of a file, without space around its values; what is empty is missing. */
export type Cells = Readonly<Partial<Record<Column, string>>>;

/** What people call the columns, beside their names. */
const ALIASES: Readonly<Record<Column, readonly string[]>> = {
  reference: ['ref', 'customer reference', 'customer ref', 'customer code', 'customer no', 'customer number', 'code'],
  name: ['customer name', 'customer', 'full name', 'party name', 'party'],
  phone: [
    'phone number',
    'phone no',
    'mobile',
    'mobile number',
    'mobile no',
    'whatsapp',
    'whatsapp number',
    'telephone',
  ],
  language: ['lang', 'locale'],
  timezone: ['time zone', 'zone', 'tz'],
  payment_term: ['payment terms', 'term', 'terms'],
  amount: ['amount due', 'due amount', 'invoice amount', 'bill amount', 'total'],
  due_date: ['due', 'date due', 'due on', 'pay by'],
  due_reference: ['due ref', 'invoice', 'invoice no', 'invoice number', 'bill', 'bill no', 'bill number'],
  description: ['details', 'note', 'notes', 'remarks', 'narration', 'particulars'],
  customer_id: [],
  due_id: [],
};

const BY_NAME = new Map(
  COLUMNS.flatMap((column) => [column, ...ALIASES[column]].map((name) => [spelling(name), column] as const)),
);

/** No row can be read: nothing was imported. */
export class UnreadableFile extends DomainError {
  readonly code = 'UNREADABLE_FILE';
  readonly kind = 'meaning';
}

/** The first line of a file. */
export class Header {
  private constructor(
    private readonly columns: readonly (Column | undefined)[],
    /** Names that mean nothing here; what stands below them is not read. */
    readonly ignored: readonly string[],
  ) {}

  /** @throws UnreadableFile */
  static read(names: readonly string[]): Header {
    const columns = names.map(columnNamed);
    const known = columns.filter((column) => column !== undefined);
    const twice = known.find((column, index) => known.indexOf(column) !== index);
    if (twice) throw new UnreadableFile(`Two columns of the file are its ${twice}.`);
    if (!known.some((column) => column === 'reference' || column === 'phone' || column === 'customer_id'))
      throw new UnreadableFile(
        `The first line names the columns, one of which is phone or reference. Columns are: ${COLUMNS.join(', ')}.`,
      );
    return new Header(
      columns,
      names.filter((name, index) => columns[index] === undefined && name.trim() !== ''),
    );
  }

  cellsOf(values: readonly string[]): Cells {
    const cells: Partial<Record<Column, string>> = {};
    this.columns.forEach((column, index) => {
      const value = values[index]?.trim();
      if (column && value) cells[column] = value;
    });
    return cells;
  }
}

/** How many names of a first line mean something: tells which character separates them. */
export function knownNamesIn(names: readonly string[]): number {
  return names.filter((name) => columnNamed(name) !== undefined).length;
}

function columnNamed(name: string): Column | undefined {
  return BY_NAME.get(spelling(name));
}

function spelling(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.\-#"]+/g, '');
}
