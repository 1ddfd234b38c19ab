import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { SeenVersion } from '../../../../platform/http/if-match.js';
import { LintFlow } from '../../application/lint/lint-flow.js';
import { FindFlow } from '../../application/rules/show-flow.js';
import type { FlowChanges, RuleContent } from '../../application/steps/flow-changes.js';
import type { FlowView } from '../../application/steps/flows.js';
import { WriteFlow } from '../../application/steps/write-flow.js';
import { TakesWholeFlow } from '../exchange/takes-whole-flow.js';
import { plain, warningsAmong } from '../steps/step-shapes.js';
import { FlowDto, FlowToAddToDto, FlowToPutDto, LintDto, WrittenFlowDto } from './rules.dto.js';

const CHANGED = { description: '`FLOW_CHANGED`: the flow has another `version` than `If-Match` says' };
const REFUSED = {
  description:
    '`FLOW_REFUSED`: `errors` says what cannot work, each with its own code and place; `REGEX_REFUSED`: the first such pattern',
};

@ApiTags('Flows')
@Controller('v1/flows')
export class RulesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get()
  @RequiresScope('flows:read')
  @ApiOperation({ summary: 'Which texts lead where: rules, the fallback, restart words' })
  @ApiOkResponse({ type: FlowDto })
  async find(): Promise<FlowDto> {
    return showFlow(await this.queries.execute(new FindFlow()));
  }

  @Put()
  @RequiresScope('flows:write')
  @TakesWholeFlow()
  @ApiOperation({
    summary: 'Say all rules anew',
    description: 'What is left out there is no more. Rules without an id have a new one.',
  })
  @ApiOkResponse({ type: WrittenFlowDto })
  @ApiConflictResponse(CHANGED)
  @ApiUnprocessableEntityResponse(REFUSED)
  replace(
    @Body() { rules, fallbackTemplateKey = null, restartWords = [], strictTitles = false }: FlowToPutDto,
    @SeenVersion() version: number | undefined,
  ): Promise<WrittenFlowDto> {
    const said = { rules: plain(rules) as RuleContent[], fallbackTemplateKey, restartWords, strictTitles };
    return this.#write({ ...said, seen: { version } });
  }

  @Post()
  @HttpCode(200)
  @RequiresScope('flows:write')
  @TakesWholeFlow()
  @ApiOperation({
    summary: 'Add rules, or change those with the same ids',
    description: 'What is left out stays as it is.',
  })
  @ApiOkResponse({ type: WrittenFlowDto })
  @ApiConflictResponse(CHANGED)
  @ApiUnprocessableEntityResponse(REFUSED)
  add(
    @Body() { flows, fallbackTemplateKey, restartWords, strictTitles }: FlowToAddToDto,
    @SeenVersion() version: number | undefined,
  ): Promise<WrittenFlowDto> {
    return this.#write({
      seen: { version },
      upsertRules: plain(flows) as RuleContent[],
      ...(fallbackTemplateKey !== undefined && { fallbackTemplateKey }),
      ...(restartWords && { restartWords }),
      ...(strictTitles !== undefined && { strictTitles }),
    });
  }

  @Get('lint')
  @RequiresScope('flows:read')
  @ApiOperation({
    summary: 'What is to be said about the flow',
    description:
      'Errors cannot work or are what you take none of, warnings work otherwise than they look, infos may be meant so.',
  })
  @ApiOkResponse({ type: LintDto })
  async lint(): Promise<LintDto> {
    const { version, findings } = await this.queries.execute(new LintFlow());
    return { version, findings: [...findings] };
  }

  async #write(changes: FlowChanges): Promise<WrittenFlowDto> {
    const { flow, findings } = await this.commands.execute(new WriteFlow(changes));
    return { ...showFlow(flow), warnings: warningsAmong(findings) };
  }
}

function showFlow(flow: FlowView): FlowDto {
  const { version, rules, fallbackTemplateKey, restartWords, strictTitles, updatedAt } = flow;
  return {
    version,
    rules: rules.map(({ id, match, action }) => ({ id, match: { ...match, values: [...match.values] }, action })),
    fallbackTemplateKey: fallbackTemplateKey ?? null,
    restartWords: [...restartWords],
    strictTitles,
    updatedAt,
  };
}
