import type { FlowRule } from '../../domain/flow-graph.js';
import type { FlowBranch, FlowStep } from '../../domain/flow-step.js';
import { FlowChanged, StepInUse, StepKeyTaken, StepNotFound } from '../../domain/lint/authoring-errors.js';
import type { FindingPlace } from '../../domain/lint/finding.js';
import { leadsIn } from '../../domain/lint/leads.js';
import { cutLeads } from './cut-leads.js';
import type { BranchContent, FlowChanges, RuleContent, StepContent, StepPatch } from './flow-changes.js';
import type { FlowView, StepView } from './flows.js';
import { graphOf } from './graph-of.js';
import { newKey } from './new-key.js';

/** What the changes of a flow come to, before anybody has looked whether it can work. */
export interface ChangedFlow {
  readonly flow: FlowView;
  /** Keys of the steps that the changes say, in their order. */
  readonly steps: readonly string[];
  /** Ids of the rules that they say. */
  readonly rules: readonly string[];
  /** What led to steps that are gone, and leads there no more. */
  readonly cut: readonly FindingPlace[];
}

/** @param language of the merchant @throws FlowChanged, StepKeyTaken, StepNotFound, StepInUse */
export function applyChanges(flow: FlowView, changes: FlowChanges, language: string, now: Date): ChangedFlow {
  refuseUnseen(flow, changes);
  const steps = new Map(flow.steps.map((view) => [view.step.key, view]));
  for (const key of changes.remove ?? []) if (!steps.delete(key)) throw new StepNotFound(key);
  const written = new Set<string>();
  const write = (step: FlowStep, description: string | null): void => {
    const before = steps.get(step.key);
    const [version, createdAt] = before ? [before.version + 1, before.createdAt] : [1, now];
    steps.set(step.key, { step, description, version, createdAt, updatedAt: now });
    written.add(step.key);
  };
  for (const content of changes.create ?? []) {
    const key = content.key ?? newKey('tmpl', (candidate) => steps.has(candidate));
    if (steps.has(key)) throw new StepKeyTaken(key);
    write(stepOf(key, content, undefined, language), content.description ?? null);
  }
  for (const { key } of changes.replace ?? []) if (!steps.has(key)) throw new StepNotFound(key);
  for (const content of [...(changes.replace ?? []), ...(changes.put ?? [])])
    write(stepOf(content.key, content, steps.get(content.key), language), content.description ?? null);
  for (const { key, change } of changes.patch ?? []) {
    const before = steps.get(key);
    if (!before) throw new StepNotFound(key);
    const content = patched(before, change);
    write(stepOf(key, content, before, language), content.description ?? null);
  }
  const rules = rulesOf(flow, changes);
  const changed = {
    ...flow,
    ...settingsOf(flow, changes),
    rules: rules.all,
    steps: inOrder(steps),
    version: flow.version + 1,
    updatedAt: now,
  };
  return { ...withoutLoose(changed, changes, now), steps: [...written], rules: rules.said };
}

/** Whoever has not seen what there is would undo it without knowing. */
function refuseUnseen({ version, steps }: FlowView, { seen }: FlowChanges): void {
  if (seen?.version === undefined) return;
  const { stepKey } = seen;
  const now = stepKey === undefined ? version : steps.find(({ step }) => step.key === stepKey)?.version;
  if (now !== undefined && now !== seen.version) throw new FlowChanged(now);
}

/** What led to steps that are gone. */
function withoutLoose(
  flow: FlowView,
  { remove = [], references = 'refuse' }: FlowChanges,
  now: Date,
): Pick<ChangedFlow, 'flow' | 'cut'> {
  const gone = new Set(remove.filter((key) => !flow.steps.some(({ step }) => step.key === key)));
  const loose = leadsIn(graphOf(flow)).filter(({ to }) => gone.has(to));
  const places = loose.map(({ where }) => where);
  if (loose.length === 0 || references === 'as-said') return { flow, cut: [] };
  if (references === 'refuse') throw new StepInUse([...new Set(loose.map(({ to }) => to))], places);
  return { flow: cutLeads(flow, gone, now), cut: places };
}

function stepOf(key: string, content: StepContent, before: StepView | undefined, language: string): FlowStep {
  const { description: _, branches = [], language: own = language, translations = {}, ...rest } = content;
  const { handsOff = false, isActive = true, ...shown } = rest;
  return {
    ...shown,
    key,
    branches: branchesOf(branches, before?.step.branches ?? []),
    language: own,
    translations,
    handsOff,
    isActive,
  };
}

/** Customers have the old ids on their phones, so a button keeps its own: by its id, or else by its title. */
function branchesOf(given: readonly BranchContent[], before: readonly FlowBranch[]): FlowBranch[] {
  const taken = new Set(given.flatMap(({ id }) => id ?? []));
  return given.map((branch) => {
    const id =
      branch.id ??
      before.find((old) => old.title === branch.title && !taken.has(old.id))?.id ??
      newKey('btn', (candidate) => taken.has(candidate));
    taken.add(id);
    return { ...branch, id };
  });
}

function patched({ step: { key: _, ...step }, description }: StepView, change: StepPatch): StepContent {
  const members = { ...step, ...(description !== null && { description }), ...change };
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as StepContent;
}

function settingsOf(
  flow: FlowView,
  { fallbackTemplateKey, restartWords, strictTitles }: FlowChanges,
): Pick<FlowView, 'fallbackTemplateKey' | 'restartWords' | 'strictTitles'> {
  return {
    fallbackTemplateKey:
      fallbackTemplateKey === undefined ? flow.fallbackTemplateKey : (fallbackTemplateKey ?? undefined),
    restartWords: restartWords ?? flow.restartWords,
    strictTitles: strictTitles ?? flow.strictTitles,
  };
}

/** An id that is given twice is there twice, for the lint to refuse: which of them was meant is not known here. */
function rulesOf(
  flow: FlowView,
  changes: FlowChanges,
): { readonly all: readonly FlowRule[]; readonly said: readonly string[] } {
  const given = withIds(changes.upsertRules ?? []);
  const whole = changes.rules && withIds(changes.rules);
  const before = whole ?? flow.rules;
  const isThere = new Set(before.map(({ id }) => id));
  const isGiven = new Set(given.map(({ id }) => id));
  return {
    all: [
      ...before.flatMap((rule) => (isGiven.has(rule.id) ? given.filter(({ id }) => id === rule.id) : [rule])),
      ...given.filter(({ id }) => !isThere.has(id)),
    ],
    said: [...(whole ?? []), ...given].map(({ id }) => id),
  };
}

function withIds(rules: readonly RuleContent[]): FlowRule[] {
  const taken = new Set(rules.flatMap(({ id }) => id ?? []));
  return rules.map((rule) => ({ ...rule, id: rule.id ?? newKey('rule', (candidate) => taken.has(candidate)) }));
}

function inOrder(steps: ReadonlyMap<string, StepView>): StepView[] {
  return [...steps.values()].sort((a, b) => (a.step.key < b.step.key ? -1 : 1));
}
