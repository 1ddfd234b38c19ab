import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';

/** How the keys of automatic messages begin (S2.68): with one of theirs, somebody else's message would stand for the answer to a customer. */
const OF_THE_HOUSE = ['auto-reply:', 'reply:', 'rule:', 'reminder:', 'thanks:'];
const NAMED = OF_THE_HOUSE.map((beginning) => `\`${beginning}\``).join(', ');

/** The business key of a message that somebody sends (S2.51). */
export function IsBusinessKey(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: `A business key: a second message with it is refused with 409 and the \`messageId\` of the first. Not one that begins with ${NAMED}: so begin those of automatic messages.`,
    }),
    IsString(),
    Length(1, 255),
    Matches(new RegExp(`^(?!${OF_THE_HOUSE.join('|')})`), {
      message: `$property must not begin as the keys of automatic messages do: ${OF_THE_HOUSE.join(' ')}`,
    }),
  );
}
