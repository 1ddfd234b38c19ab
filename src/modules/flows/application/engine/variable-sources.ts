import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { FlowVariables, ProvidesFlowVariables, type VariablesOf } from './flow-variables.js';

/** Namespace of what the customer answered: each conversation has its own, so nobody provides it. */
const ANSWERS = 'answers';

/** All variables that modules provide. */
@Injectable()
export class VariableSources implements OnModuleInit {
  readonly #sources = new Map<string, FlowVariables>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders()) {
      const namespace = this.discovery.getMetadataByDecorator(ProvidesFlowVariables, wrapper);
      if (namespace === undefined || !(wrapper.instance instanceof FlowVariables)) continue;
      if (namespace === ANSWERS || this.#sources.has(namespace))
        throw new Error(`Two sources of flow variables are called ${namespace}`);
      this.#sources.set(namespace, wrapper.instance);
    }
  }

  /** Whole names, as steps write them: `customer.balance`. Those of answers are the flow's own. */
  get names(): readonly string[] {
    return [...this.#sources].flatMap(([namespace, { names }]) => names.map((name) => `${namespace}.${name}`));
  }

  /** @param names whole names @returns the values that are known */
  async resolve(
    names: readonly string[],
    answers: Readonly<Record<string, string>>,
    of: Omit<VariablesOf, 'answers'>,
  ): Promise<ReadonlyMap<string, string>> {
    const values = new Map<string, string>();
    for (const [namespace, members] of byNamespace(names)) {
      const known =
        namespace === ANSWERS
          ? new Map(Object.entries(answers))
          : await this.#sources.get(namespace)?.resolve(members, { ...of, answers });
      for (const member of members) {
        const value = known?.get(member);
        if (value !== undefined && value.trim() !== '') values.set(`${namespace}.${member}`, value);
      }
    }
    return values;
  }
}

function byNamespace(names: readonly string[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const name of names) {
    const dot = name.indexOf('.');
    if (dot < 0) continue;
    const members = grouped.get(name.slice(0, dot)) ?? [];
    grouped.set(name.slice(0, dot), [...members, name.slice(dot + 1)]);
  }
  return grouped;
}
