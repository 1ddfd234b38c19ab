import { applyDecorators, type Type as ClassOf } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DomainError } from '../../kernel/domain-error.js';

/** The query string of every list (contract 3). */
export class PageQuery {
  /** How many items a page holds, 1 to 100. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 25 })
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
  )
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 25;

  /** `nextCursor` of the page before. Opaque. */
  @ApiPropertyOptional({ type: 'string' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  cursor?: string;
}

/** One page of a list; `nextCursor` is null on the last. */
export interface Page<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
}

export class InvalidCursor extends DomainError {
  readonly code = 'INVALID_CURSOR';
  readonly kind = 'invalid';
  constructor() {
    super('The cursor is not one that this list has given out.');
  }
}

interface CursorTypes {
  instant: Date;
  uuid: string;
  text: string;
  /** A whole number that may exceed 2^53: a `bigint` column. */
  integer: bigint;
}

type Position<Shape extends Record<string, keyof CursorTypes>> = { [Field in keyof Shape]: CursorTypes[Shape[Field]] };

/**
 * Turns the sort key of a list's last row into an opaque cursor and back. Keyset, not offset: stable under inserts.
 * A cursor that was tampered with or belongs to another list is refused, never passed on to the database.
 *
 *     const cursor = new Cursor({ lastMessageAt: 'instant', id: 'uuid' });
 *     const after = cursor.read(query.cursor);                    // undefined on the first page
 *     const rows = await ...take: query.limit + 1 ...;
 *     return cursor.page(rows, query.limit, toView);
 */
export class Cursor<Shape extends Record<string, keyof CursorTypes>> {
  constructor(private readonly shape: Shape) {}

  write(position: Position<Shape>): string {
    const values = this.#fields().map(([field]) => {
      const value = position[field];
      return value instanceof Date ? value.toISOString() : String(value);
    });
    return Buffer.from(JSON.stringify(values)).toString('base64url');
  }

  /** @throws InvalidCursor */
  read(cursor: string | undefined): Position<Shape> | undefined {
    if (cursor === undefined) return undefined;
    const fields = this.#fields();
    const values = parse(cursor);
    if (values?.length !== fields.length) throw new InvalidCursor();
    return Object.fromEntries(
      fields.map(([field, type], index) => [field, readValue(type, values[index])]),
    ) as Position<Shape>;
  }

  /** @param rows up to `limit + 1` of them: one more than shown says that there is a next page */
  page<Row extends Position<Shape>, Item>(rows: readonly Row[], limit: number, view: (row: Row) => Item): Page<Item> {
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return { data: shown.map(view), nextCursor: rows.length > limit && last ? this.write(last) : null };
  }

  #fields(): [keyof Shape, keyof CursorTypes][] {
    return Object.entries(this.shape);
  }
}

/** Documents the 200 answer of a list of `Item`s. */
export function ApiPage(Item: ClassOf): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(Item),
    ApiOkResponse({
      schema: {
        type: 'object',
        required: ['data', 'nextCursor'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(Item) } },
          nextCursor: {
            type: 'string',
            nullable: true,
            description: 'Give it as `cursor` to get the next page; null on the last.',
          },
        },
      },
    }),
  );
}

function parse(cursor: string): unknown[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const INTEGER = /^-?\d{1,18}$/;

function readValue(type: keyof CursorTypes, value: unknown): Date | string | bigint {
  if (typeof value !== 'string') throw new InvalidCursor();
  if (type === 'uuid' && UUID.test(value)) return value;
  if (type === 'text' && !value.includes('\0')) return value;
  if (type === 'integer' && INTEGER.test(value)) return BigInt(value);
  if (type === 'instant' && INSTANT.test(value) && !Number.isNaN(Date.parse(value))) return new Date(value);
  throw new InvalidCursor();
}
