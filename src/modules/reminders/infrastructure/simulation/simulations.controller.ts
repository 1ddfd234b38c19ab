import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { type Scenario, SimulateDues, type SimulationView } from '../../application/simulation/simulate-dues.js';
import { InvalidResponseModel } from '../../application/simulation/simulation-errors.js';
import {
  type Response,
  type ResponseModel,
  scripted,
  type ScriptLine,
  seeded,
  SILENCE,
} from '../../domain/simulation/responses.js';
import { SimulationDto } from './simulation-views.dto.js';
import { type ResponseModelDto, type ScenarioDto, type ScriptLineDto, SimulateDto } from './simulations.dto.js';

@ApiTags('Reminders')
@Controller('v1/simulations')
export class SimulationsController {
  constructor(private readonly commands: Commands) {}

  @Post()
  @HttpCode(200)
  @RequiresScope('reminders:read')
  @ApiOperation({
    summary: 'Try out what would happen',
    description:
      'Lives through the next days with a copy of the books, by the rules by which reminders are sent. Nobody is written to.',
  })
  @ApiOkResponse({ type: SimulationDto })
  simulate(@Body() { response, policy, term, compareWith, ...body }: SimulateDto): Promise<SimulationView> {
    return this.commands.execute(
      new SimulateDues({
        ...body,
        ...toScenario({ policy, term }),
        responses: toModel(response),
        compareWith: compareWith && toScenario(compareWith),
      }),
    );
  }
}

/** What is not given overrides nothing; `maxPerDay: null` takes the limit away. */
function toScenario({ policy, term }: { [Part in keyof ScenarioDto]: ScenarioDto[Part] | undefined }): Scenario {
  const given = policy && { ...givenOf(policy), ...(policy.maxPerDay === null && { maxPerDay: undefined }) };
  return { policy: given as Scenario['policy'], term: term && givenOf(term) };
}

function givenOf<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

/** @throws InvalidResponseModel */
function toModel({ script, seeded: chances }: ResponseModelDto = {}): ResponseModel {
  if (script && chances) throw new InvalidResponseModel('Customers behave by a script or by chance, not by both.');
  if (script) return scripted(script.map(toLine));
  if (!chances) return SILENCE;
  const sum = Object.values(chances.probabilities).reduce(
    (total, share: number | undefined) => total + (share ?? 0),
    0,
  );
  if (sum > 1 + 1e-9) throw new InvalidResponseModel('The probabilities come to more than 1.');
  return seeded(chances);
}

function toLine({ customerId, dueId, onReminder, afterMinutes, answer, pay, stop }: ScriptLineDto): ScriptLine {
  const deeds: Response[] = [];
  if (answer !== undefined) deeds.push({ afterMinutes, answer });
  if (pay !== undefined) deeds.push({ afterMinutes, pay });
  if (stop !== undefined) deeds.push({ afterMinutes, stop });
  const [deed] = deeds;
  if (!deed || deeds.length > 1)
    throw new InvalidResponseModel('A line of a script has exactly one of `answer`, `pay` and `stop`.');
  return { ...deed, customerId, dueId, onReminder };
}
