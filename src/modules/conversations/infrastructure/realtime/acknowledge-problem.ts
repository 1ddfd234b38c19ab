import { type ArgumentsHost, Catch, Logger, type WsExceptionFilter } from '@nestjs/common';
import { toProblem } from '../../../../platform/http/problem.js';

/** What was thrown, as the acknowledgement `{error: {code, detail}}`; whoever waits for none is told nothing. */
@Catch()
export class AcknowledgeProblem implements WsExceptionFilter<unknown> {
  readonly #logger = new Logger(AcknowledgeProblem.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const { code, detail, status } = toProblem(error);
    if (status === 500) this.#logger.error({ err: error });
    acknowledge(host.getArgs<unknown[]>(), { error: { code, detail } });
  }
}

/** @param given what came over the socket: the client's function to answer by is among it when the client waits for an answer */
export function acknowledge(given: readonly unknown[], answer: object): void {
  const answerBy = given.find((one) => typeof one === 'function') as ((answer: object) => void) | undefined;
  answerBy?.(answer);
}
