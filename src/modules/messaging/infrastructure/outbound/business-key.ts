import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { AUTOMATIC_KEYS } from '../../domain/message-key.js';

const SOMEBODYS = `^(?!${AUTOMATIC_KEYS})`;

/** The business key of a message that somebody sends (S2.51): none of an automatic message's. */
export function IsBusinessKey(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: SOMEBODYS,
      description: `A business key: a second message with it is refused with 409 and the \`messageId\` of the first. Not one that begins with \`${AUTOMATIC_KEYS}\`: so begin those of automatic messages.`,
    }),
    IsString(),
    Length(1, 255),
    Matches(new RegExp(SOMEBODYS), {
      message: `$property must not begin with ${AUTOMATIC_KEYS}: so begin the keys of automatic messages`,
    }),
  );
}
