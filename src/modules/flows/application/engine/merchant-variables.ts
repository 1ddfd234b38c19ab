import { Injectable } from '@nestjs/common';
import { FlowVariables, ProvidesFlowVariables } from './flow-variables.js';
import { Merchants } from './merchants.js';

/** `{{merchant.name}}` */
@Injectable()
@ProvidesFlowVariables('merchant')
export class MerchantVariables extends FlowVariables {
  readonly names = ['name'];

  constructor(private readonly merchants: Merchants) {
    super();
  }

  async resolve(): Promise<ReadonlyMap<string, string>> {
    return new Map([['name', (await this.merchants.current()).name]]);
  }
}
