import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Accounts } from '../accounts.js';
import { GraphError } from '../graph-error.js';
import { textOf } from '../json-input.js';
import { type Media, MediaStore } from '../media-store.js';
import { TemplateReview } from '../template-review.js';
import { Templates } from '../templates.js';
import { ACCOUNT_DEFAULTS, ACCOUNT_FIELDS, accountNode, NUMBER_DEFAULTS, numberNode } from './node-shapes.js';
import { pick, Token, TokenGuard } from './request.js';

/**
 * `/{id}`, whatever the id names: a file, a template, an account or a number. An id never seen before is a number, unless
 * the fields asked for are those of an account.
 */
@Controller()
@UseGuards(TokenGuard)
export class NodesController {
  constructor(
    private readonly accounts: Accounts,
    private readonly media: MediaStore,
    private readonly templates: Templates,
    private readonly review: TemplateReview,
  ) {}

  @Get(':id')
  read(
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @Token() token: string,
    @Req() request: FastifyRequest,
  ): object {
    const media = this.media.find(id);
    if (media) return this.mediaNode(media, query, request);
    const template = this.templates.findById(id);
    if (template)
      return pick({ ...template.template }, query['fields'], ['name', 'status', 'category', 'language', 'components']);
    const asked = textOf(query['fields'])?.split(/[,{]/) ?? [];
    const isNew = !this.accounts.hasAccount(id) && !this.accounts.hasNumber(id);
    if (this.accounts.hasAccount(id) || (isNew && asked.some((field) => ACCOUNT_FIELDS.includes(field)))) {
      return pick(accountNode(this.accounts.account(id)), query['fields'], ACCOUNT_DEFAULTS);
    }
    return pick(numberNode(this.accounts.numberUsedBy(token, id, 'GET')), query['fields'], NUMBER_DEFAULTS);
  }

  /** Edits a template. */
  @Post(':id')
  @HttpCode(200)
  edit(@Param('id') id: string, @Body() body: unknown): object {
    const found = this.templates.findById(id);
    if (!found) throw GraphError.unknownObject(id, 'post');
    this.templates.edit(found.template, body);
    this.review.begin(found.wabaId, found.template);
    return { success: true };
  }

  /** Deletes a file. */
  @Delete(':id')
  remove(@Param('id') id: string, @Query() query: Record<string, unknown>): object {
    const media = this.media.find(id);
    if (!media) throw GraphError.unknownObject(id, 'delete');
    refuseForeign(media, query);
    this.media.remove(id);
    return { success: true };
  }

  private mediaNode(media: Media, query: Record<string, unknown>, request: FastifyRequest): object {
    refuseForeign(media, query);
    const { id, mimeType, sha256, bytes } = media;
    const url = `http://${request.headers.host ?? ''}/media-content/${this.media.newLink(media)}`;
    return { messaging_product: 'whatsapp', url, mime_type: mimeType, sha256, file_size: bytes.length, id };
  }
}

function refuseForeign(media: Media, query: Record<string, unknown>): void {
  const asked = query['phone_number_id'];
  if (asked !== undefined && asked !== media.phoneNumberId) throw GraphError.unknownObject(media.id, 'get');
}
