import { applyDecorators, type Type as ClassOf } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInstance, ValidateNested } from 'class-validator';

/**
 * A field that holds one object of a class. `@ValidateNested()` alone lets an absent object and an empty list pass.
 * Together with `@IsOptional()` it may be absent.
 */
export function IsNested(Class: ClassOf): PropertyDecorator {
  return applyDecorators(
    Type(() => Class),
    IsInstance(Class, { message: '$property must be an object' }),
    ValidateNested(),
  );
}

/** A field that holds a list of objects of a class. */
export function IsNestedList(Class: ClassOf, maxSize: number): PropertyDecorator {
  return applyDecorators(
    Type(() => Class),
    IsArray(),
    ArrayMaxSize(maxSize),
    IsInstance(Class, { each: true, message: 'each item of $property must be an object' }),
    ValidateNested({ each: true }),
  );
}
