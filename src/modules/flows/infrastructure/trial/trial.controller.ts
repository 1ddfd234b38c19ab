import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import type { Trial } from '../../application/trial/transcript.js';
import { TryFlow } from '../../application/trial/try-flow.js';
import { readDocument } from '../exchange/flow-document.dto.js';
import { TakesWholeFlow } from '../exchange/takes-whole-flow.js';
import { readMessage, TrialDto, TrialToMakeDto } from './trial.dto.js';

@ApiTags('Flows')
@Controller('v1/flows/test')
export class TrialController {
  constructor(private readonly queries: Queries) {}

  @Post()
  @HttpCode(200)
  @RequiresScope('flows:read')
  @TakesWholeFlow()
  @ApiOperation({
    summary: 'Try the flow out on paper',
    description:
      'The engine that leads conversations answers a customer who is nobody: nothing is sent or kept. Words that the house or other modules know are answered by them in earnest, before your fallback.',
  })
  @ApiOkResponse({ type: TrialDto })
  @ApiUnprocessableEntityResponse({ description: '`FLOW_REFUSED`: a draft that cannot work' })
  make(@Body() { messages, contact = {}, variables = {}, draft }: TrialToMakeDto): Promise<Trial> {
    const played = messages.map(readMessage);
    return this.queries.execute(new TryFlow(played, contact, variables, draft && readDocument(draft)));
  }
}
