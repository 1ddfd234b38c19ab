import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { Accounts } from '../accounts.js';
import { GraphError } from '../graph-error.js';
import { textOf } from '../json-input.js';
import { TemplateReview } from '../template-review.js';
import { Templates } from '../templates.js';
import { page, pick, TokenGuard } from './request.js';

const DEFAULTS = ['name', 'parameter_format', 'components', 'language', 'status', 'category'];

/** `/{waba-id}/message_templates`; `POST /{template-id}` stands with the other nodes. */
@Controller()
@UseGuards(TokenGuard)
export class TemplatesController {
  constructor(
    private readonly accounts: Accounts,
    private readonly templates: Templates,
    private readonly review: TemplateReview,
  ) {}

  @Get(':wabaId/message_templates')
  list(@Param('wabaId') wabaId: string, @Query() query: Record<string, unknown>): object {
    const name = textOf(query['name']);
    const status = textOf(query['status'])?.toUpperCase();
    const category = textOf(query['category'])?.toUpperCase();
    const language = textOf(query['language']);
    const found = this.templates
      .list(this.accounts.account(wabaId).id)
      .filter((template) => name === undefined || template.name.includes(name))
      .filter((template) => status === undefined || template.status === status)
      .filter((template) => category === undefined || template.category === category)
      .filter((template) => language === undefined || template.language === language);
    const { data, paging } = page(found, query, 250);
    return { data: data.map((template) => pick({ ...template }, query['fields'], DEFAULTS)), paging };
  }

  @Post(':wabaId/message_templates')
  @HttpCode(200)
  submit(@Param('wabaId') wabaId: string, @Body() body: unknown): object {
    const account = this.accounts.account(wabaId, 'POST');
    const template = this.templates.submit(account.id, body);
    this.review.begin(account.id, template);
    return { id: template.id, status: template.status, category: template.category };
  }

  @Delete(':wabaId/message_templates')
  remove(@Param('wabaId') wabaId: string, @Query() query: Record<string, unknown>): object {
    const account = this.accounts.account(wabaId, 'DELETE');
    const name = textOf(query['name']);
    if (!name) throw new GraphError(100, 'The parameter name is required.');
    if (this.templates.remove(account.id, name, textOf(query['hsm_id'])) === 0) {
      throw new GraphError(100, 'Message template was not found.', { subcode: 2593002 });
    }
    return { success: true };
  }
}
