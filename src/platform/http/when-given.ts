import { ValidateIf } from 'class-validator';

/** A field that may be left out, but is not null; `@IsOptional()` lets both pass. */
export function WhenGiven(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
