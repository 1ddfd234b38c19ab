import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Fault } from '../faults.js';

/** Ties to a running request the fault that struck it, and what shall happen once its answer is out or lost. */
@Injectable()
export class AnswerWatch {
  private readonly struck = new WeakMap<IncomingMessage, Fault>();
  private readonly afterwards = new WeakMap<IncomingMessage, () => void>();

  strike(request: IncomingMessage, fault: Fault): void {
    this.struck.set(request, fault);
  }

  faultOf(request: IncomingMessage): Fault | undefined {
    return this.struck.get(request);
  }

  forget(request: IncomingMessage): void {
    this.struck.delete(request);
  }

  /** Keeps what shall follow the answer. */
  whenAnswered(request: IncomingMessage, action: () => void): void {
    this.afterwards.set(request, action);
  }

  /** The answer is out, or never will be. */
  answered(request: IncomingMessage): void {
    const action = this.afterwards.get(request);
    this.afterwards.delete(request);
    action?.();
  }
}
