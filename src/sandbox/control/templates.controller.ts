import { BadRequestException, Body, Controller, NotFoundException, Param, Patch, Query } from '@nestjs/common';
import { isObject } from '../json-input.js';
import { TemplateReview } from '../template-review.js';
import { type Template, Templates, type TemplateStatus } from '../templates.js';

const STATUSES: readonly unknown[] = ['PENDING', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED'];
const QUALITIES: readonly unknown[] = ['GREEN', 'YELLOW', 'RED', 'UNKNOWN'];
const CATEGORIES: readonly unknown[] = ['MARKETING', 'UTILITY', 'AUTHENTICATION'];

/** `PATCH /sandbox/templates/{wabaId}/{name}?language=`: what Meta's reviewers and sweeps do, told by webhook. */
@Controller('sandbox/templates')
export class ReviewController {
  constructor(
    private readonly templates: Templates,
    private readonly review: TemplateReview,
  ) {}

  @Patch(':wabaId/:name')
  change(
    @Param('wabaId') wabaId: string,
    @Param('name') name: string,
    @Query('language') language: string | undefined,
    @Body() body: unknown,
  ): Template {
    const template = this.templates.find(wabaId, name, language ?? 'en');
    if (!template) throw new NotFoundException('The account has no such template');
    if (!isObject(body)) throw new BadRequestException('the body must be an object');
    const { status, category, quality, reason } = body;
    if (status === undefined && category === undefined && quality === undefined)
      throw new BadRequestException('give status, category or quality');
    if (status !== undefined && !STATUSES.includes(status))
      throw new BadRequestException(`status must be one of ${STATUSES.join(', ')}`);
    if (category !== undefined && !CATEGORIES.includes(category))
      throw new BadRequestException(`category must be one of ${CATEGORIES.join(', ')}`);
    if (quality !== undefined && !QUALITIES.includes(quality))
      throw new BadRequestException(`quality must be one of ${QUALITIES.join(', ')}`);
    if (quality !== undefined) this.review.rate(wabaId, template, quality as string);
    if (category !== undefined) this.review.recategorise(wabaId, template, category as string);
    if (status !== undefined)
      this.review.decide(wabaId, template, status as TemplateStatus, typeof reason === 'string' ? reason : 'NONE');
    return template;
  }
}
