import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { type CoverageView, ShowCoverage } from '../../application/ways/show-coverage.js';
import { CoverageDto, CoverageQuery } from './coverage.dto.js';

@ApiTags('Flows')
@Controller('v1/flows/coverage')
export class CoverageController {
  constructor(private readonly queries: Queries) {}

  @Get()
  @RequiresScope('flows:read')
  @ApiOperation({ summary: 'Which ways of the flow conversations took, and which nobody ever does' })
  @ApiOkResponse({ type: CoverageDto })
  @ApiNotFoundResponse({ description: '`FLOW_VERSION_NOT_FOUND`' })
  show(@Query() { version }: CoverageQuery): Promise<CoverageView> {
    return this.queries.execute(new ShowCoverage(version));
  }
}
