import type { FlowBranch, FlowStep, StepKind, StepTranslation } from '../flow-step.js';
import { titleIn } from '../title-in.js';
import { checkText, error, info, type LocalFindings, warning } from './local-finding.js';
import { STEP_LIMITS } from './step-limits.js';
import { isBlank, leastLength, withValues } from './texts.js';

/** How many buttons or rows a kind shows (S2.24, S2.25, S2.72). */
const COUNTS: Readonly<Record<StepKind, readonly [least: number, most: number]>> = {
  text: [0, 0],
  interactive_button: [1, STEP_LIMITS.buttons],
  interactive_list: [1, STEP_LIMITS.rows],
  media: [0, 0],
  whatsapp_template: [0, STEP_LIMITS.templateButtons],
};

/** Buttons and rows: how many, what they say, by which ids they are known. */
export function* checkBranches(step: FlowStep): LocalFindings {
  const { kind, branches, translations } = step;
  const [least, most] = COUNTS[kind];
  if (branches.length > most)
    yield most === 0
      ? error('NOT_OF_THIS_KIND', 'buttons', `A step of the kind ${kind} has no buttons.`)
      : error('TOO_MANY_BUTTONS', 'buttons', `A step of the kind ${kind} has at most ${most} buttons.`);
  if (branches.length < least)
    yield error('BUTTONS_MISSING', 'buttons', `A step of the kind ${kind} has at least one button.`);
  for (const [index, branch] of branches.entries()) yield* checkBranch(branch, kind, `buttons[${index}]`);
  if (new Set(branches.map(({ id }) => id)).size < branches.length)
    yield error('DUPLICATE_BUTTON_ID', 'buttons', 'Two buttons have the same id.');
  const titlesIn = (translation: StepTranslation): string[] => branches.map((branch) => titleIn(translation, branch));
  yield* checkDifferent(kind, titlesIn({}), 'buttons');
  for (const [language, translation] of Object.entries(translations)) {
    const path = `translations.${language}.titles`;
    yield* checkTitles(branches, translation.titles ?? {}, kind, path);
    yield* checkDescriptions(branches, translation.descriptions ?? {}, kind, `translations.${language}.descriptions`);
    yield* checkDifferent(kind, titlesIn(translation), path);
  }
}

function* checkBranch(
  { id, title, description, nextTemplateKey, index }: FlowBranch,
  kind: StepKind,
  path: string,
): LocalFindings {
  if (isBlank(id) || [...id].length > STEP_LIMITS.branchId)
    yield error('BUTTON_ID_REFUSED', `${path}.id`, `An id has 1 to ${STEP_LIMITS.branchId} characters.`);
  yield* checkTitle(title, kind, `${path}.title`);
  if (description !== undefined) yield* checkDescription(description, kind, `${path}.description`);
  if (index !== undefined && kind !== 'whatsapp_template')
    yield warning('NOT_OF_THIS_KIND', `${path}.index`, 'Only buttons of a template of WhatsApp have positions.');
  if (nextTemplateKey === undefined)
    yield info('DEAD_END', path, `"${title}" leads nowhere: the flow ends there and says nothing.`);
}

/** Above 20 characters buttons are shown as a list, above 24 not at all (C16). */
function* checkTitle(title: string, kind: StepKind, field: string): LocalFindings {
  if (isBlank(title)) return yield error('TEXT_MISSING', field, `${field} must say something.`);
  const length = leastLength(title);
  if (length > STEP_LIMITS.title)
    yield error('TITLE_TOO_LONG', field, `"${title}" has more than ${STEP_LIMITS.title} characters.`);
  else if (length > STEP_LIMITS.buttonTitle && kind === 'interactive_button')
    yield warning(
      'TITLE_SHOWN_IN_A_LIST',
      field,
      `"${title}" has more than ${STEP_LIMITS.buttonTitle} characters: WhatsApp shows these buttons as a list.`,
    );
}

function* checkTitles(
  branches: readonly FlowBranch[],
  titles: Readonly<Record<string, string>>,
  kind: StepKind,
  path: string,
): LocalFindings {
  const ids = new Set(branches.map(({ id }) => id));
  for (const [id, title] of Object.entries(titles))
    if (ids.has(id)) yield* checkTitle(title, kind, `${path}.${id}`);
    else yield warning('DEAD_BUTTON_ID', `${path}.${id}`, `No button of this step has the id ${id}.`);
}

function* checkDescriptions(
  branches: readonly FlowBranch[],
  descriptions: Readonly<Record<string, string>>,
  kind: StepKind,
  path: string,
): LocalFindings {
  const ids = new Set(branches.map(({ id }) => id));
  for (const [id, description] of Object.entries(descriptions))
    if (ids.has(id)) yield* checkDescription(description, kind, `${path}.${id}`);
    else yield warning('DEAD_BUTTON_ID', `${path}.${id}`, `No button of this step has the id ${id}.`);
}

function* checkDescription(description: string, kind: StepKind, field: string): LocalFindings {
  if (kind === 'interactive_list') yield* checkText(field, description, STEP_LIMITS.description);
  else yield warning('NOT_OF_THIS_KIND', field, 'Only rows of lists show a description.');
}

/** Rows may say the same; buttons may not. */
function* checkDifferent(kind: StepKind, titles: readonly string[], field: string): LocalFindings {
  if (kind === 'interactive_button' && new Set(titles.map(withValues)).size < titles.length)
    yield error('DUPLICATE_TITLE', field, 'Two buttons have the same title.');
}
