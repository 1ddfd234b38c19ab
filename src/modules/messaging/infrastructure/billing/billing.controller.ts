import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AlsoForThePlatform,
  CurrentPrincipal,
  inboxAccessOf,
  type Principal,
  RequiresRole,
  RequiresScope,
} from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../../platform/http/pagination.js';
import {
  type BilledConversationView,
  ListBilledConversations,
} from '../../application/billing/list-billed-conversations.js';
import { ListRateCards, PutRateCards, type RateCardView } from '../../application/billing/rate-cards.js';
import { RevalueCharges } from '../../application/billing/revalue-charges.js';
import { FindUsage, type Usage, type UsageOfKey } from '../../application/billing/usage.js';
import {
  BilledConversationDto,
  KeptRateCardsDto,
  PeriodDto,
  PutRateCardsDto,
  RateCardDto,
  RevaluedDto,
  UsageAnswerDto,
  UsageQuery,
} from './billing.dto.js';

@ApiTags('Cost')
@Controller('v1/billing')
export class BillingController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get('usage')
  @RequiresScope('whatsapp:read')
  @ApiOperation({
    summary: 'Messages that WhatsApp charges for, and what they cost',
    description:
      'Of the conversations that the caller sees, by days in the merchant’s zone. What no rate card covers is counted as `uncosted`, never as 0; amounts of two currencies are never added.',
  })
  @ApiOkResponse({ type: UsageAnswerDto })
  usage(
    @Query() { from, to, groupBy }: UsageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ data: UsageOfKey[]; totals: Usage }> {
    return this.queries.execute(new FindUsage(inboxAccessOf(principal), from, to, groupBy));
  }

  @Get('conversations')
  @RequiresScope('whatsapp:read')
  @ApiOperation({ summary: "WhatsApp's own conversations, as its statuses name them" })
  @ApiPage(BilledConversationDto)
  conversations(
    @Query() { limit, cursor }: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<BilledConversationView>> {
    return this.queries.execute(new ListBilledConversations(inboxAccessOf(principal), limit, cursor));
  }

  @Get('rate-cards')
  @RequiresScope('whatsapp:read')
  @AlsoForThePlatform()
  @ApiOperation({ summary: "Prices by day: the merchant's own and the installation's" })
  @ApiPage(RateCardDto)
  rateCards(@Query() { limit, cursor }: PageQuery): Promise<Page<RateCardView>> {
    return this.queries.execute(new ListRateCards(limit, cursor));
  }

  @Put('rate-cards')
  @RequiresRole('ADMIN')
  @AlsoForThePlatform()
  @ApiOperation({
    summary: 'Add prices, or correct those of the same model, market, category, type and day',
    description:
      'An administrator writes the merchant’s own, the platform without X-Tenant-Id the installation’s. Charges of the past keep their cost until they are valued again.',
  })
  @ApiOkResponse({ type: KeptRateCardsDto })
  putRateCards(@Body() { cards }: PutRateCardsDto): Promise<{ cards: number }> {
    return this.commands.execute(new PutRateCards(cards));
  }

  @Post('revalue')
  @HttpCode(200)
  @RequiresRole('ADMIN')
  @ApiOperation({ summary: 'Value the charges of some days again, by the rate cards that are there now' })
  @ApiOkResponse({ type: RevaluedDto })
  revalue(@Body() { from, to }: PeriodDto): Promise<{ charges: number }> {
    return this.commands.execute(new RevalueCharges(from, to));
  }
}
