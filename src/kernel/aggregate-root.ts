import type { DomainEvent } from './domain-event.js';

/** Keeps its own rules; remembers what happened until its repository writes it to the outbox. */
export abstract class AggregateRoot {
  #events: DomainEvent[] = [];

  protected record(event: DomainEvent): void {
    this.#events.push(event);
  }

  /** Hands over the events since the last call; called by the repository while it saves. */
  releaseEvents(): DomainEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
