import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { SeenVersion } from '../../../../platform/http/if-match.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import { FindStep, ListSteps } from '../../application/steps/show-steps.js';
import { WriteFlow } from '../../application/steps/write-flow.js';
import { readChange, readStep, showStep, showWritten, warningsAmong } from './step-shapes.js';
import {
  RemovedStepDto,
  RemoveStepQuery,
  StepDto,
  StepsQuery,
  StepToAddDto,
  StepToChangeDto,
  StepToPutDto,
  WrittenStepDto,
} from './steps.dto.js';

const NOT_FOUND = { description: '`FLOW_TEMPLATE_NOT_FOUND`' };
const CHANGED = { description: '`FLOW_CHANGED`: it has another `version` than `If-Match` says' };
const REFUSED = {
  description:
    '`FLOW_REFUSED`: `errors` says what cannot work, each with its own code and place; `REGEX_REFUSED`: the first such pattern',
};

@ApiTags('Flows')
@Controller('v1/flow-templates')
export class StepsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('flows:read')
  @ApiOperation({ summary: 'The steps of the flow, by key' })
  @ApiPage(StepDto)
  async list(@Query() { kind, active, q, limit, cursor }: StepsQuery): Promise<Page<StepDto>> {
    const { data, nextCursor } = await this.queries.execute(new ListSteps({ kind, active, q }, limit, cursor));
    return { data: data.map(showStep), nextCursor };
  }

  @Post()
  @RequiresScope('flows:write')
  @ApiOperation({
    summary: 'Add a step',
    description:
      'What it leads to must be there: begin with the last step, or lead the first on later. Conversations that are under way stay in the version that they began with.',
  })
  @ApiCreatedResponse({ type: WrittenStepDto })
  @ApiConflictResponse({ description: '`FLOW_TEMPLATE_KEY_TAKEN`' })
  @ApiUnprocessableEntityResponse(REFUSED)
  async add(@Body() { key, ...step }: StepToAddDto): Promise<WrittenStepDto> {
    const create = [{ ...readStep(step), ...(key !== undefined && { key }) }];
    return showWritten(await this.commands.execute(new WriteFlow({ create })));
  }

  @Get(':key')
  @RequiresScope('flows:read')
  @ApiOperation({ summary: 'A step' })
  @ApiOkResponse({ type: StepDto })
  @ApiNotFoundResponse(NOT_FOUND)
  async find(@Param('key') key: string): Promise<StepDto> {
    return showStep(await this.queries.execute(new FindStep(key)));
  }

  @Put(':key')
  @RequiresScope('flows:write')
  @ApiOperation({ summary: 'Say a step anew', description: 'What is left out it has no more. Buttons keep their ids.' })
  @ApiOkResponse({ type: WrittenStepDto })
  @ApiNotFoundResponse(NOT_FOUND)
  @ApiConflictResponse(CHANGED)
  @ApiUnprocessableEntityResponse(REFUSED)
  async replace(
    @Param('key') key: string,
    @Body() step: StepToPutDto,
    @SeenVersion() version: number | undefined,
  ): Promise<WrittenStepDto> {
    const replace = [{ ...readStep(step), key }];
    return showWritten(await this.commands.execute(new WriteFlow({ replace, seen: { version, stepKey: key } })));
  }

  @Patch(':key')
  @RequiresScope('flows:write')
  @ApiOperation({ summary: 'Change a step', description: 'Null takes a member away; `buttons` are said all together.' })
  @ApiOkResponse({ type: WrittenStepDto })
  @ApiNotFoundResponse(NOT_FOUND)
  @ApiConflictResponse(CHANGED)
  @ApiUnprocessableEntityResponse(REFUSED)
  async change(
    @Param('key') key: string,
    @Body() change: StepToChangeDto,
    @SeenVersion() version: number | undefined,
  ): Promise<WrittenStepDto> {
    const patch = [{ key, change: readChange(change) }];
    return showWritten(await this.commands.execute(new WriteFlow({ patch, seen: { version, stepKey: key } })));
  }

  @Delete(':key')
  @RequiresScope('flows:write')
  @ApiOperation({
    summary: 'Remove a step',
    description:
      'With `force` what leads to it is cut: buttons end there, questions are asked no more, rules go, the fallback is none.',
  })
  @ApiOkResponse({ type: RemovedStepDto })
  @ApiNotFoundResponse(NOT_FOUND)
  @ApiConflictResponse({ description: '`STEP_IN_USE`: `usedBy` says what leads to it; `FLOW_CHANGED`' })
  async remove(
    @Param('key') key: string,
    @Query() { force }: RemoveStepQuery,
    @SeenVersion() version: number | undefined,
  ): Promise<RemovedStepDto> {
    const references = force ? 'cut' : 'refuse';
    const removal = new WriteFlow({ remove: [key], references, seen: { version, stepKey: key } });
    const { cut, findings } = await this.commands.execute(removal);
    return { cut: [...cut], warnings: warningsAmong(findings) };
  }
}
