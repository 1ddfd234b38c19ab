import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AlsoForThePlatform, RequiresScope } from '../auth/index.js';
import { DeadLetterDesk, type RetryPolicyView } from './dead-letter-desk.js';
import { RetryPoliciesDto } from './dead-letters.dto.js';

/** What is tried again, how often and when, before it is given up. */
@ApiTags('Operations')
@Controller('v1/retry-policy')
@AlsoForThePlatform()
export class RetryPolicyController {
  constructor(private readonly desk: DeadLetterDesk) {}

  @Get()
  @RequiresScope('operations:read')
  @ApiOperation({ summary: 'How often each kind of work is tried before it becomes a dead letter' })
  @ApiOkResponse({ type: RetryPoliciesDto })
  read(): { data: RetryPolicyView[] } {
    return { data: this.desk.policies() };
  }
}
