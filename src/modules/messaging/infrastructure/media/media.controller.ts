import {
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiPayloadTooLargeResponse,
  ApiProduces,
  ApiQuery,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnsupportedMediaTypeResponse,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import {
  actorOf,
  CurrentPrincipal,
  inboxAccessOf,
  type Principal,
  Public,
  RequiresScope,
} from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { IgnoresIdempotencyKey } from '../../../../platform/http/idempotency.js';
import { TakesStream } from '../../../../platform/http/streamed-bodies.js';
import { FetchMediaAgain } from '../../application/media/fetch-media-again.js';
import { FindMedia } from '../../application/media/find-media.js';
import type { MediaView } from '../../application/media/media-view.js';
import { UploadMedia } from '../../application/media/upload-media.js';
import { MediaContent } from './media-content.js';
import { MediaDto, MediaIdParam } from './media.dto.js';
import { UploadIntake } from './upload-intake.js';

/** What is left of a refused upload is let in for so long: an answer is not seen by whoever is cut off while he speaks. */
const LEFTOVER_MS = 5_000;

@ApiTags('Media')
@Controller('v1/media')
export class MediaController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly intake: UploadIntake,
    private readonly content: MediaContent,
  ) {}

  @Post()
  @RequiresScope('messages:write')
  @IgnoresIdempotencyKey()
  @TakesStream('multipart/form-data')
  @ApiOperation({
    summary: 'Upload a file to send',
    description:
      'What it is, its bytes say, not its name. Images (JPEG, PNG, 5 MB) are drawn anew, upright and without metadata; GIF becomes a still PNG: send what moves as MP4. WebP is a sticker (100 KB, 500 KB when it moves), or a PNG with `kind=image`. Audio and video 16 MB; PDF, Office files, text and CSV 100 MB. The same file again is the same upload; an Idempotency-Key is ignored.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        file: { type: 'string', format: 'binary' },
        filename: { type: 'string', description: 'Shown to the customer with documents; left out: of the part.' },
        kind: {
          type: 'string',
          enum: ['image', 'video', 'audio', 'document', 'sticker'],
          description: 'How it is going to be sent; left out: by its type.',
        },
      },
    },
  })
  @ApiCreatedResponse({ type: MediaDto })
  @ApiPayloadTooLargeResponse({ description: '`MEDIA_TOO_LARGE` with the `limit` in bytes' })
  @ApiUnsupportedMediaTypeResponse({ description: '`MEDIA_TYPE_REFUSED`' })
  @ApiServiceUnavailableResponse({
    description: '`MEDIA_STORE_UNAVAILABLE`: nothing was kept; the same may succeed later',
  })
  async upload(@CurrentPrincipal() principal: Principal, @Req() request: FastifyRequest): Promise<MediaView> {
    const { body } = request;
    if (!(body instanceof Readable)) throw new UnsupportedMediaTypeException('Send multipart/form-data.');
    try {
      return await this.intake.take(body, request.headers['content-type'], (file) =>
        this.commands.execute(new UploadMedia(actorOf(principal), file)),
      );
    } finally {
      if (!body.readableEnded && !body.destroyed) {
        body.resume();
        setTimeout(() => body.destroy(), LEFTOVER_MS).unref();
      }
    }
  }

  @Get(':id')
  @RequiresScope('messages:read')
  @ApiOperation({ summary: 'A file, with a fresh link to its bytes' })
  @ApiOkResponse({ type: MediaDto })
  @ApiNotFoundResponse()
  find(@Param() { id }: MediaIdParam, @CurrentPrincipal() principal: Principal): Promise<MediaView> {
    return this.queries.execute(new FindMedia(inboxAccessOf(principal), actorOf(principal), id));
  }

  @Post(':id/fetch')
  @HttpCode(202)
  @RequiresScope('messages:write')
  @ApiOperation({ summary: "Try to fetch a customer's file again that was given up" })
  @ApiOkResponse({ type: MediaDto })
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: '`MEDIA_NOT_FAILED`' })
  fetch(@Param() { id }: MediaIdParam, @CurrentPrincipal() principal: Principal): Promise<MediaView> {
    return this.commands.execute(new FetchMediaAgain(inboxAccessOf(principal), actorOf(principal), id));
  }

  @Get(':id/content')
  @Public()
  @ApiOperation({
    summary: 'The bytes of a file',
    description:
      'By the `url` of a file, which is a credential for ten minutes. Pictures, sound and films may be shown in place; everything else is a download.',
  })
  @ApiParam({ name: 'id', schema: { type: 'string', format: 'uuid' } })
  @ApiQuery({ name: 'tenant', schema: { type: 'string', format: 'uuid' } })
  @ApiQuery({ name: 'until', schema: { type: 'integer' } })
  @ApiQuery({ name: 'seal', schema: { type: 'string' } })
  @ApiProduces('*/*')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiNotFoundResponse({ description: 'There is no such file, or the link is over' })
  async download(
    @Param() { id }: MediaIdParam,
    @Query() query: Record<string, unknown>,
    @Req() { method }: FastifyRequest,
    @Headers('range') range: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { status, headers, bytes } = await this.content.open(id, query, {
      method: method === 'HEAD' ? 'HEAD' : 'GET',
      range,
      ifNoneMatch,
    });
    await reply.code(status).headers(headers).send(bytes);
  }
}
