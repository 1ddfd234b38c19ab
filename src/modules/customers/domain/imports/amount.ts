/** An amount as somebody wrote it: its digits, how many of them stand behind the point, and the unit beside it. */
export interface WrittenAmount {
  readonly digits: string;
  readonly decimals: number;
  /** `₹`, `Rs.`, `INR`, ... */
  readonly unit: string | undefined;
  readonly isNegative: boolean;
}

/** Of an amount with its unit. */
const LONGEST = 50;
const WESTERN = /^\d{1,3}(?:,\d{3})+$/;
const INDIAN = /^\d{1,2}(?:,\d{2})*,\d{3}$/;
const POINTS = /^\d{1,3}(?:\.\d{3})+$/;

/**
 * Reads `5000`, `5,000.00`, `1,23,456.50`, `1.234,56`, `Rs. 5000/-`. What may mean two amounts is taken by the point as
 * decimals (`1.234` is not 1,234). @returns undefined where it is no amount
 */
export function readAmount(text: string): WrittenAmount | undefined {
  if (text.length > LONGEST) return undefined;
  const compact = text.normalize('NFKC').replace(/\/[-=]$/, '');
  const [, before = '', minus = '', middle = '', number = '', after = ''] =
    /^(\p{Sc}|\p{L}{2,3}\.?)?\s*([-−]?)\s*(\p{Sc}?)\s*([\d.,\s']+?)\s*(\p{Sc}|\p{L}{2,3}\.?)?$/u.exec(compact) ?? [];
  const parts = partsOf(number.replace(/[\s']/g, ''));
  if (!parts) return undefined;
  const [whole, decimals] = parts;
  return {
    digits: `${whole}${decimals}`,
    decimals: decimals.length,
    unit: before || middle || after || undefined,
    isNegative: minus !== '',
  };
}

/**
 * @returns the amount in minor units of the currency; undefined when it has more decimals than the currency, or more digits than
 * can be kept. Superfluous zeros are none, but three of them may be thousands.
 */
export function minorUnits({ digits, decimals, isNegative }: WrittenAmount, currency: string): number | undefined {
  const places = placesOf(currency);
  const superfluous = decimals > places ? digits.slice(places - decimals) : '';
  if (superfluous !== '' && (decimals === 3 || /[^0]/.test(superfluous))) return undefined;
  const minor = Number(
    digits.slice(0, digits.length - superfluous.length) + '0'.repeat(Math.max(0, places - decimals)),
  );
  return Number.isSafeInteger(minor) ? (isNegative ? -minor : minor) : undefined;
}

/** The amount as a file says it: `5000.00`. */
export function majorUnits(amountMinor: number, currency: string): string {
  const places = placesOf(currency);
  const digits = String(Math.abs(amountMinor)).padStart(places + 1, '0');
  const sign = amountMinor < 0 ? '-' : '';
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Whether the unit beside an amount is that of the currency. */
export function isUnitOf(unit: string, currency: string): boolean {
  const written = unit.replace(/\.$/, '').toUpperCase();
  return written === currency || symbolsOf(currency).has(written);
}

/** Digits before and after the decimal sign, or nothing. */
function partsOf(number: string): [string, string] | undefined {
  const [, whole = '', point = '', decimals = ''] = /^(.*?)(?:([.,])(\d+))?$/.exec(number) ?? [];
  if (/^\d+$/.test(number)) return [number, ''];
  if (WESTERN.test(number) || INDIAN.test(number)) return [number.replaceAll(',', ''), ''];
  if (point === '.' && /^\d*$/.test(whole)) return [whole || '0', decimals];
  if (point === '.' && (WESTERN.test(whole) || INDIAN.test(whole))) return [whole.replaceAll(',', ''), decimals];
  if (point === ',' && POINTS.test(whole)) return [whole.replaceAll('.', ''), decimals];
  if (point === ',' && /^\d+$/.test(whole) && decimals.length < 3) return [whole, decimals];
  return POINTS.test(number) ? [number.replaceAll('.', ''), ''] : undefined;
}

const places = new Map<string, number>();

function placesOf(currency: string): number {
  let known = places.get(currency);
  if (known === undefined) {
    known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    places.set(currency, known);
  }
  return known;
}

const symbols = new Map<string, ReadonlySet<string>>();

function symbolsOf(currency: string): ReadonlySet<string> {
  let known = symbols.get(currency);
  if (!known) {
    const named = (['symbol', 'narrowSymbol'] as const).map((currencyDisplay) =>
      new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay })
        .formatToParts(0)
        .flatMap(({ type, value }) => (type === 'currency' ? [value.toUpperCase()] : [])),
    );
    known = new Set([...named.flat(), ...(currency === 'INR' ? ['RS'] : [])]);
    symbols.set(currency, known);
  }
  return known;
}
