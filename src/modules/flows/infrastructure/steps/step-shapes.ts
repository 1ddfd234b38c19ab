import type { StepContent, StepPatch } from '../../application/steps/flow-changes.js';
import type { StepView } from '../../application/steps/flows.js';
import type { WrittenFlow } from '../../application/steps/written-flow.js';
import type { Finding } from '../../domain/lint/finding.js';
import type { StepDto, StepToChangeDto, StepToPutDto, WrittenStepDto } from './steps.dto.js';

/** A step as the API writes it: branches are its `buttons`, what it does not have is left out. */
export function readStep({ buttons, kind = 'text', body = '', ...members }: StepToPutDto): StepContent {
  return plain({ ...members, kind, body, ...(buttons && { branches: buttons }) }) as StepContent;
}

/** Null takes a member away; deeper down it is the same as nothing. */
export function readChange({ buttons, ...members }: StepToChangeDto): StepPatch {
  const given = Object.entries({ ...members, branches: buttons }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([member, value]) => [member, value === null ? null : plain(value)]));
}

export function showStep({ step, description, version, createdAt, updatedAt }: StepView): StepDto {
  const { branches, ...members } = step;
  return {
    ...members,
    buttons: [...branches],
    translations: { ...step.translations },
    ...(description !== null && { description }),
    version,
    createdAt,
    updatedAt,
  };
}

/** The first step that was written. */
export function showWritten({ written, findings }: WrittenFlow): WrittenStepDto {
  return { ...showStep(written[0]!), warnings: warningsAmong(findings) };
}

export function warningsAmong(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ severity }) => severity === 'warning');
}

/** Without classes, and without what is null. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, member: unknown) => member ?? undefined);
}
