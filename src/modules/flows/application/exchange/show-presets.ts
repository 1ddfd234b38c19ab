import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { PresetNotFound } from '../../domain/presets/preset-errors.js';
import type { Preset } from '../../domain/presets/preset.js';
import { PRESETS } from '../../domain/presets/presets.js';
import type { FlowDocument } from './flow-document.js';

export interface PresetView {
  readonly name: string;
  readonly description: string;
  readonly steps: number;
}

export interface PresetDocument {
  readonly name: string;
  readonly description: string;
  readonly flow: FlowDocument;
}

export class ListPresets extends Query<readonly PresetView[]> {}

@QueryHandler(ListPresets)
export class ListPresetsHandler implements IQueryHandler<ListPresets> {
  execute(): Promise<readonly PresetView[]> {
    return Promise.resolve(
      PRESETS.map(({ name, description, flow }) => ({ name, description, steps: flow.steps.length })),
    );
  }
}

/** @throws PresetNotFound */
export class FindPreset extends Query<PresetDocument> {
  constructor(readonly name: string) {
    super();
  }
}

@QueryHandler(FindPreset)
export class FindPresetHandler implements IQueryHandler<FindPreset> {
  execute({ name }: FindPreset): Promise<PresetDocument> {
    const preset = PRESETS.find((one) => one.name === name);
    if (!preset) return Promise.reject(new PresetNotFound(name));
    return Promise.resolve({ name, description: preset.description, flow: documentOf(preset) });
  }
}

function documentOf({ flow }: Preset): FlowDocument {
  return { ...flow, fallbackTemplateKey: flow.fallbackTemplateKey ?? null };
}
