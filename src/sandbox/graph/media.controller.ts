import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, StreamableFile, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Accounts } from '../accounts.js';
import { fileOf } from '../body-parsers.js';
import { GraphError } from '../graph-error.js';
import { objectOf, textOf } from '../json-input.js';
import { MediaStore } from '../media-store.js';
import { Token, TokenGuard } from './request.js';

/** Uploads and downloads; `GET` and `DELETE /{media-id}` stand with the other nodes. */
@Controller()
@UseGuards(TokenGuard)
export class MediaController {
  constructor(
    private readonly accounts: Accounts,
    private readonly media: MediaStore,
  ) {}

  @Post(':phoneNumberId/media')
  @HttpCode(200)
  upload(@Param('phoneNumberId') id: string, @Body() body: unknown, @Token() token: string): object {
    const number = this.accounts.numberUsedBy(token, id, 'POST');
    if (objectOf(body)['messaging_product'] !== 'whatsapp')
      throw new GraphError(100, 'The parameter messaging_product is required.');
    const file = fileOf(body);
    const type =
      file.type === '' || file.type === 'application/octet-stream'
        ? (textOf(objectOf(body)['type']) ?? file.type)
        : file.type;
    return { id: this.media.upload(number.id, type, file.bytes).id };
  }

  /** The link of `GET /{media-id}`: five minutes, and only with a token. */
  @Get('media-content/:key')
  @Header('cache-control', 'no-store')
  download(@Param('key') key: string, @Req() request: FastifyRequest): StreamableFile {
    if (!/^(Bearer|OAuth) /i.test(request.headers.authorization ?? ''))
      throw GraphError.badToken('An access token is required to request this resource.');
    const media = this.media.behindLink(key);
    if (!media) throw new GraphError(100, 'The link has expired or never was.', { status: 404 });
    return new StreamableFile(media.bytes, { type: media.mimeType, length: media.bytes.length });
  }
}
