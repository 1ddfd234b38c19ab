import type { BranchContent, FlowChanges, RuleContent, StepContent } from '../steps/flow-changes.js';
import type { FlowView } from '../steps/flows.js';
import type { FlowDocument, ImportMode } from './flow-document.js';
import { FreeNames } from './free-names.js';

/** What an import does to a flow. */
export interface ImportPlan {
  readonly changes: FlowChanges;
  /** Keys of the document that are taken, and those that its steps have instead. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Keys of steps that go. */
  readonly removed: readonly string[];
}

/** @param seen the flow's version that the import was made for */
export function importPlan(document: FlowDocument, flow: FlowView, mode: ImportMode, seen?: number): ImportPlan {
  const plan = mode === 'replace' ? replacing(document, flow) : merging(document, flow);
  return { ...plan, changes: { ...plan.changes, seen: { version: seen } } };
}

function replacing({ steps, rules, fallbackTemplateKey, restartWords }: FlowDocument, flow: FlowView): ImportPlan {
  const kept = new Set(steps.map(({ key }) => key));
  const removed = flow.steps.map(({ step }) => step.key).filter((key) => !kept.has(key));
  const changes: FlowChanges = {
    put: steps,
    remove: removed,
    references: 'as-said',
    rules,
    fallbackTemplateKey,
    restartWords,
  };
  return { changes, renamed: {}, removed };
}

/** The merchant's own fallback stays; rules come behind the merchant's. */
function merging({ steps, rules, fallbackTemplateKey, restartWords }: FlowDocument, flow: FlowView): ImportPlan {
  const keys = new FreeNames(
    flow.steps.map(({ step }) => step.key),
    steps.map(({ key }) => key),
  );
  const buttons = new FreeNames(
    flow.steps.flatMap(({ step }) => step.branches.map(({ id }) => id)),
    steps.flatMap(({ branches = [] }) => branches.flatMap(({ id }) => (id === undefined ? [] : [id]))),
  );
  const ruleIds = new FreeNames(
    flow.rules.map(({ id }) => id),
    rules.flatMap(({ id }) => (id === undefined ? [] : [id])),
  );
  const fallback = fallbackTemplateKey === null ? undefined : keys.of(fallbackTemplateKey);
  const words = restartWords.filter((word) => !flow.restartWords.includes(word));
  const changes: FlowChanges = {
    create: steps.map((step) => renamedStep(step, keys, buttons)),
    upsertRules: rules.map((rule) => renamedRule(rule, keys, ruleIds)),
    ...(words.length > 0 && { restartWords: [...new Set([...flow.restartWords, ...words])] }),
    ...(flow.fallbackTemplateKey === undefined && fallback !== undefined && { fallbackTemplateKey: fallback }),
  };
  return { changes, renamed: keys.renamed, removed: [] };
}

function renamedStep<Step extends StepContent & { readonly key: string }>(
  step: Step,
  keys: FreeNames,
  buttons: FreeNames,
): Step {
  const { branches, collects, translations } = step;
  return {
    ...step,
    key: keys.of(step.key),
    ...(branches && { branches: branches.map((branch) => renamedBranch(branch, keys, buttons)) }),
    ...(collects && {
      collects: {
        ...collects,
        nextTemplateKey: keys.of(collects.nextTemplateKey),
        ...(collects.invalidTemplateKey !== undefined && {
          invalidTemplateKey: keys.of(collects.invalidTemplateKey),
        }),
      },
    }),
    ...(translations && { translations: renamedTitles(translations, buttons) }),
  };
}

function renamedBranch(branch: BranchContent, keys: FreeNames, buttons: FreeNames): BranchContent {
  const { id, nextTemplateKey } = branch;
  return {
    ...branch,
    ...(id !== undefined && { id: buttons.of(id) }),
    ...(nextTemplateKey !== undefined && { nextTemplateKey: keys.of(nextTemplateKey) }),
  };
}

function renamedTitles(
  translations: NonNullable<StepContent['translations']>,
  buttons: FreeNames,
): NonNullable<StepContent['translations']> {
  const renamed = (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([id, text]) => [buttons.of(id), text]));
  return Object.fromEntries(
    Object.entries(translations).map(([language, { titles, descriptions, ...texts }]) => [
      language,
      {
        ...texts,
        ...(titles && { titles: renamed(titles) }),
        ...(descriptions && { descriptions: renamed(descriptions) }),
      },
    ]),
  );
}

function renamedRule(rule: RuleContent, keys: FreeNames, ids: FreeNames): RuleContent {
  const { id, action } = rule;
  return {
    ...rule,
    ...(id !== undefined && { id: ids.of(id) }),
    action: { ...action, templateKey: keys.of(action.templateKey) },
  };
}
