import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const PREFIX = 'nodue_';

/**
 * The numbers of one process, for Prometheus. Ask for a metric in a constructor and keep it; asking twice for the same name gives
 * the same metric. Names come without the prefix `nodue_`. Labels hold few values: kinds, states, codes; never ids or phone numbers.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  /** Something that happened; the name ends in `_total`. */
  counter<Label extends string = string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return (
      this.#known<Counter<Label>>(name) ??
      new Counter({ name: PREFIX + name, help, labelNames, registers: [this.registry] })
    );
  }

  /**
   * Something that goes up and down.
   * @param collect sets the values when they are asked for; when it fails the gauge keeps its last ones
   */
  gauge<Label extends string = string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    collect?: (gauge: Gauge<Label>) => void | Promise<void>,
  ): Gauge<Label> {
    const known = this.#known<Gauge<Label>>(name);
    if (known) return known;
    return new Gauge({
      name: PREFIX + name,
      help,
      labelNames,
      registers: [this.registry],
      ...(collect && {
        async collect() {
          await Promise.resolve(collect(this)).catch(() => undefined);
        },
      }),
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

  #known<Metric>(name: string): Metric | undefined {
    return this.registry.getSingleMetric(PREFIX + name) as Metric | undefined;
  }
}

const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
