import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Min, ValidateBy } from 'class-validator';
import { IsInstant } from '../../../../platform/http/instant.js';
import { IsNested, IsNestedList } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import { InvalidRequest } from '../../../../platform/http/problem.js';
import { PhoneNumber } from '../../../../kernel/phone-number.js';
import type { SentStep } from '../../application/outbound/message-order.js';
import type { AttemptView, MessageSummary, MessageView } from '../../application/outbound/message-view.js';
import type { MessageCategory } from '../../domain/message-category.js';
import type {
  MediaKind,
  MediaReference,
  MessageContent,
  TemplateContent,
  TemplateVariables,
} from '../../domain/message-content.js';
import {
  OUTBOUND_STATES,
  PRIORITY_CLASSES,
  type PriorityClass,
  type SendFailure,
} from '../../domain/outbound-message.js';
import type { Recipient } from '../../domain/recipient.js';
import type { ProviderError } from '../../domain/send-outcome.js';
import { IsBusinessKey } from './business-key.js';

/** A business-scoped user id of Meta (F1): country, perhaps `ENT`, id. */
const BSUID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;
const MEDIA_KINDS = ['image', 'video', 'document'] as const;

const VARIABLES = {
  oneOf: [
    { type: 'array', items: { type: 'string' }, description: 'By position: {{1}}, {{2}} ...' },
    { type: 'object', additionalProperties: { type: 'string' }, description: 'By name.' },
  ],
};
const MEDIA = {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { type: 'string', enum: [...MEDIA_KINDS] },
    id: { type: 'string' },
    link: { type: 'string', format: 'uri' },
    mediaId: { type: 'string', format: 'uuid' },
  },
  description: 'Media by `mediaId` (uploaded here), `id` (of the provider) or `link`.',
};

/** `@IsObject()` refuses lists. What is in it, `readTemplate` looks at. */
function IsListOrMap(message: string): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'object' && value !== null;
  return ValidateBy({ name: 'isListOrMap', validator: { validate, defaultMessage: () => message } });
}

const MOST_VARIABLES = 50;
const LONGEST_VALUE = 1024;

function IsTextMap(): PropertyDecorator {
  const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= LONGEST_VALUE;
  const validate = (given: unknown): boolean => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
    const values: unknown[] = Object.values(given);
    return values.length <= MOST_VARIABLES && values.every(isText);
  };
  const defaultMessage = (): string =>
    `$property must be a map of at most ${MOST_VARIABLES} texts, each of up to ${LONGEST_VALUE} characters`;
  return ValidateBy({ name: 'isTextMap', validator: { validate, defaultMessage } });
}

const BUTTON_KINDS = ['quick_reply', 'url', 'copy_code'] as const;

export class TemplateButtonDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Position of the button, from 0.' })
  @IsInt()
  @Min(0)
  index!: number;

  @ApiProperty({ enum: BUTTON_KINDS })
  @IsIn(BUTTON_KINDS)
  kind!: (typeof BUTTON_KINDS)[number];

  @ApiProperty({ description: 'The payload of a quick reply, the variable part of a URL, or the code.' })
  @IsString()
  value!: string;
}

export class TemplateDto {
  @ApiProperty({ example: 'interactive_due_today' })
  @IsString()
  @Length(1, 512)
  name!: string;

  @ApiProperty({ example: 'en', description: "Meta's language code, exact." })
  @IsString()
  @Length(2, 8)
  language!: string;

  @ApiPropertyOptional({
    oneOf: [...VARIABLES.oneOf, MEDIA],
    description: 'Variables of the header, or the media that it shows.',
  })
  @IsOptional()
  @IsListOrMap('header must be a list or a map of texts, or media')
  header?: object;

  @ApiPropertyOptional({ ...VARIABLES, example: ['Asha', '5,000'] })
  @IsOptional()
  @IsListOrMap('body must be a list or a map of texts')
  body?: object;

  @ApiPropertyOptional({ type: [TemplateButtonDto], description: 'Values of the buttons that take one.' })
  @WhenGiven()
  @IsNestedList(TemplateButtonDto, 10)
  buttons?: TemplateButtonDto[];
}

export class SendMessageDto {
  @ApiProperty({ example: '+919876543210', description: 'A phone number, or a business-scoped user id.' })
  @IsString()
  @Length(1, 200)
  to!: string;

  @ApiPropertyOptional({
    maxLength: 4096,
    description: 'Free text: reaches customers who wrote within 24 hours. This, `templateKey` or `whatsappTemplate`.',
  })
  @WhenGiven()
  @IsString()
  text?: string;

  @ApiPropertyOptional({
    example: 'tmpl_ab12cd34',
    description: "A step of the merchant's flow. The conversation stands at it once it is sent.",
  })
  @WhenGiven()
  @IsString()
  @Length(1, 100)
  templateKey?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { orderNumber: '1042' },
    description: 'With `templateKey`: values of its variables; what is known of the customer need not be given.',
  })
  @WhenGiven()
  @IsTextMap()
  variables?: Record<string, string>;

  @ApiPropertyOptional({ type: TemplateDto, description: 'A template that Meta has approved.' })
  @WhenGiven()
  @IsNested(TemplateDto)
  whatsappTemplate?: TemplateDto;

  @ApiPropertyOptional({ example: '106540352242922', description: "Left out: the merchant's default number." })
  @IsOptional()
  @Matches(/^\d{1,32}$/, { message: 'phoneNumberId must be an id of Meta: digits only' })
  phoneNumberId?: string;

  @IsOptional()
  @IsBusinessKey()
  idempotencyKey?: string;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description:
      'Not before then, up to a year ahead. Its conversation shows it from when it leaves. Judged again when the time has come: it fails with `WINDOW_CLOSED` when it is free text and the customer has not written for 24 hours.',
  })
  @WhenGiven()
  @IsInstant()
  scheduleAt?: Date;

  @ApiPropertyOptional({
    enum: PRIORITY_CLASSES,
    description:
      'Answers leave before what is normal, and that before what is sent in bulk. Left out: `answer` for people, `normal` for programs; `answer` needs the scope `conversations:write`.',
  })
  @WhenGiven()
  @IsIn(PRIORITY_CLASSES)
  priority?: PriorityClass;
}

/** @throws InvalidPhoneNumber */
export function readRecipient(to: string): Recipient {
  const given = to.trim();
  return BSUID.test(given)
    ? { kind: 'bsuid', value: given }
    : { kind: 'phone', value: PhoneNumber.parse(given).digits };
}

/** @throws InvalidRequest */
export function readWords(body: SendMessageDto): MessageContent | SentStep {
  const { text, templateKey, variables, whatsappTemplate } = body;
  if ([text, templateKey, whatsappTemplate].filter((given) => given !== undefined).length !== 1)
    throw refusal('text', 'give exactly one of text, templateKey and whatsappTemplate');
  if (variables !== undefined && templateKey === undefined)
    throw refusal('variables', 'belong to templateKey; those of a WhatsApp template stand in it');
  if (templateKey !== undefined) return { templateKey, ...(variables && { variables }) };
  return whatsappTemplate ? readTemplate(whatsappTemplate, 'whatsappTemplate') : { type: 'text', body: text ?? '' };
}

/** @param path where it stands in the request @throws InvalidRequest */
export function readTemplate(given: TemplateDto, path: string): TemplateContent {
  const { name, language, header, body, buttons } = given;
  return {
    type: 'template',
    name,
    language,
    ...(header ? { header: readMedia(header) ?? readVariables(header, `${path}.header`) } : {}),
    ...(body ? { body: readVariables(body, `${path}.body`) } : {}),
    ...(buttons ? { buttons: buttons.map(({ index, kind, value }) => ({ index, kind, value })) } : {}),
  };
}

function readMedia(given: object): MediaReference | undefined {
  const { kind, id, link, mediaId } = given as Record<string, unknown>;
  const known = MEDIA_KINDS.find((name) => name === kind);
  if (!known) return undefined;
  return readReference(known, { id, link, mediaId });
}

/** @returns undefined unless exactly one of the three is a text */
export function readReference(
  kind: MediaKind,
  { id, link, mediaId }: { readonly id?: unknown; readonly link?: unknown; readonly mediaId?: unknown },
): MediaReference | undefined {
  if ([id, link, mediaId].filter((value) => value !== undefined).length !== 1) return undefined;
  if (typeof id === 'string') return { kind, id };
  if (typeof link === 'string') return { kind, link };
  return typeof mediaId === 'string' ? { kind, mediaId } : undefined;
}

function readVariables(given: object, path: string): TemplateVariables {
  const values: unknown[] = Object.values(given);
  if (!values.every((value) => typeof value === 'string')) throw refusal(path, 'must be a list or a map of texts');
  return Array.isArray(given) ? { positional: values } : { named: { ...given } };
}

function refusal(path: string, message: string): InvalidRequest {
  return new InvalidRequest([{ path, message }]);
}

export class MessageIdParam {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class QueuedMessageDto {
  @ApiProperty({ format: 'uuid' }) messageId!: string;
  @ApiProperty({ enum: ['queued'] }) status!: 'queued';
}

export class FailureDto implements SendFailure {
  @ApiProperty({
    oneOf: [{ type: 'integer' }, { type: 'string' }],
    description: "Meta's error code, or our name of a fault on the way.",
  })
  code!: number | string;
  @ApiProperty({
    enum: ['not_sent', 'throttled', 'refused', 'credential', 'unknown', 'soft_unknown', 'expired', 'withheld'],
  })
  class!: SendFailure['class'];
  @ApiProperty() title!: string;
  @ApiPropertyOptional() detail?: string;
}

@ApiExtraModels(FailureDto)
export class MessageSummaryDto implements MessageSummary {
  @ApiProperty({ format: 'uuid' }) messageId!: string;
  @ApiProperty({ enum: ['INBOUND', 'OUTBOUND'] }) direction!: 'INBOUND' | 'OUTBOUND';
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) conversationId!: string | null;
  @ApiProperty() phoneNumberId!: string;
  @ApiProperty({
    description: 'The customer, +E.164 or a business-scoped user id, whichever way the message went.',
  })
  to!: string;
  @ApiProperty() type!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) content!: MessageSummary['content'];
  @ApiProperty({
    type: 'string',
    enum: ['automatic_answer', 'agent_reply', 'order_update', 'payment_reminder', 'campaign', 'authentication'],
    nullable: true,
    description: "Null for a customer's message.",
  })
  category!: MessageCategory | null;
  @ApiProperty({
    enum: [...OUTBOUND_STATES, 'received'],
    description:
      '`unknown`: the answer was lost, and a callback may still settle it. `parked`: it may have been sent; resend or cancel it.',
  })
  status!: MessageSummary['status'];
  @ApiProperty({ type: 'string', nullable: true }) wamid!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) idempotencyKey!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'The step of the flow that it was made of.' })
  templateKey!: string | null;
  @ApiProperty({
    type: 'string',
    enum: PRIORITY_CLASSES,
    nullable: true,
    description: "Null for a customer's message.",
  })
  priority!: PriorityClass | null;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'While it is queued: when it is due.',
  })
  dueAt!: Date | null;
  @ApiProperty({ type: FailureDto, nullable: true }) failure!: FailureDto | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: Date;
}

export class AttemptDto implements AttemptView {
  @ApiProperty({ type: 'integer', minimum: 1 }) attempt!: number;
  @ApiProperty({ type: 'string', format: 'date-time' }) startedAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) finishedAt!: Date | null;
  @ApiProperty({
    type: 'string',
    enum: ['accepted', 'refused', 'throttled', 'not_sent', 'unknown'],
    nullable: true,
    description: 'Null while it is on its way.',
  })
  outcome!: AttemptView['outcome'];
  @ApiProperty({ type: 'string', nullable: true }) wamid!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true }) error!: ProviderError | null;
}

export class MessageDto extends MessageSummaryDto implements MessageView {
  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'Each status that Meta reported.',
  })
  statuses!: Record<string, unknown>[];
  @ApiProperty({ type: [AttemptDto] }) attempts!: AttemptDto[];
  @ApiProperty({ description: 'Meta accepted more than one attempt: the customer may have it twice.' })
  acceptedTwice!: boolean;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: "Of a customer's message: the object as Meta sent it.",
  })
  payload!: unknown;
}
