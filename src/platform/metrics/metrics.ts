import { Injectable, Logger } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const PREFIX = 'nodue_';

/** Sets a metric's values when they are asked for. */
type Collect<Metric> = (metric: Metric) => void | Promise<void>;

/**
 * The numbers of one process, for Prometheus. Ask for a metric in a constructor and keep it; asking twice for the same name gives
 * the same metric. Names come without the prefix `nodue_`. Labels hold few values: kinds, states, codes; never ids or phone numbers.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #logger = new Logger(Metrics.name);
  readonly #failures = this.counter('metrics_failures_total', 'Times that a metric could not be read, by metric.', [
    'metric',
  ]);

  /** Something that happened; the name ends in `_total`. Set those labels to zero at once whose first event must not be missed. */
  counter<Label extends string = string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    collect?: Collect<Counter<Label>>,
  ): Counter<Label> {
    const known = this.#known<Counter<Label>>(name);
    if (known) return known;
    return new Counter({
      ...{ name: PREFIX + name, help, labelNames, registers: [this.registry] },
      ...(collect && { collect: this.#collector<Counter<Label>>(name, collect) }),
    });
  }

  /**
   * Something that goes up and down.
   * @param collect sets the values when they are asked for; when it fails there are none, and the failure is counted: an old value would pass
   *   for a true one
   */
  gauge<Label extends string = string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    collect?: Collect<Gauge<Label>>,
  ): Gauge<Label> {
    const known = this.#known<Gauge<Label>>(name);
    if (known) return known;
    return new Gauge({
      ...{ name: PREFIX + name, help, labelNames, registers: [this.registry] },
      ...(collect && { collect: this.#collector<Gauge<Label>>(name, collect) }),
    });
  }

  /** How something is distributed; durations in seconds, name ending in `_seconds`. */
  histogram<Label extends string = string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets: number[] = DURATIONS,
  ): Histogram<Label> {
    return (
      this.#known<Histogram<Label>>(name) ??
      new Histogram({ name: PREFIX + name, help, labelNames, buckets, registers: [this.registry] })
    );
  }

  #collector<Metric extends { reset(): void }>(
    name: string,
    collect: Collect<Metric>,
  ): (this: Metric) => Promise<void> {
    const failures = this.#failures;
    const logger = this.#logger;
    let hasFailed = false;
    failures.inc({ metric: name }, 0);
    return async function (this: Metric): Promise<void> {
      try {
        await collect(this);
        hasFailed = false;
      } catch (error) {
        this.reset();
        failures.inc({ metric: name });
        if (!hasFailed)
          logger.warn(`${PREFIX}${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
        hasFailed = true;
      }
    };
  }

  #known<Metric>(name: string): Metric | undefined {
    return this.registry.getSingleMetric(PREFIX + name) as Metric | undefined;
  }
}

const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
