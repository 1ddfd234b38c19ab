import { DiscoveryService } from '@nestjs/core';

/** For whom variables are read. */
export interface VariablesOf {
  readonly contactId: string;
  readonly threadId: string;
  /** Language of the step that shows them, BCP 47: money and dates are written so. */
  readonly language: string;
  /** What the customer answered so far, by name. */
  readonly answers: Readonly<Record<string, string>>;
}

/**
 * Live data for the texts of steps (S2.104): `{{customer.balance}}`. A module provides one a namespace, marked with
 * `@ProvidesFlowVariables('customer')`.
 */
export abstract class FlowVariables {
  /** All that it knows, without the namespace: `name`, `balance`. */
  abstract readonly names: readonly string[];
  /**
   * Values as people read them, of these names alone. What is not known is left out: the step is not sent then (C19). Runs in the transaction
   * of the customer's message: no HTTP, statements through `UnitOfWork.sql`.
   */
  abstract resolve(names: readonly string[], of: VariablesOf): Promise<ReadonlyMap<string, string>>;
}

/** Marks a `FlowVariables` with its namespace. */
export const ProvidesFlowVariables = DiscoveryService.createDecorator<string>();
