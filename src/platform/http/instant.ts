import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsDate } from 'class-validator';

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A field that holds an instant: an RFC 3339 text with its offset comes in, a `Date` goes on. A day that no calendar has is refused. */
export function IsInstant(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => parse(value)),
    IsDate({ message: '$property must be an RFC 3339 instant with its offset, e.g. 2026-11-21T09:00:00Z' }),
  );
}

/** What cannot be read stays as it is, for the validator to refuse. */
function parse(value: unknown): unknown {
  const [, year, month, day] = (typeof value === 'string' && RFC_3339.exec(value)) || [];
  if (!year) return value;
  const isReal = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  const instant = new Date(value as string);
  return isReal && !Number.isNaN(instant.getTime()) ? instant : value;
}
