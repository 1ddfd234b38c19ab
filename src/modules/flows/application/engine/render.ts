import {
  checkContent,
  type MediaReference,
  type MessageContent,
  type TemplateContent,
  type TemplateVariables,
} from '../../../messaging/index.js';
import { MissingVariables } from '../../domain/flow-errors.js';
import type { FlowBranch, FlowStep, StepTemplate, StepTranslation } from '../../domain/flow-step.js';
import { positionsOf } from '../../domain/quick-replies.js';
import { descriptionIn, titleIn } from '../../domain/title-in.js';
import { fill, variablesIn } from '../../domain/variables.js';

/** Label of a list's button where the step names none. */
const LIST_BUTTON = 'View options';

/**
 * What a step says to one customer. Values are put for variables once: what a value itself holds is shown as it stands. Buttons with a title
 * above 20 characters leave as a list (C16): messaging sees to it.
 * @param language of the customer; what the step does not say in it, it says in its own
 * @param values by whole name, `customer.balance`
 * @throws MissingVariables, ContentRefused
 */
export function render(
  step: FlowStep,
  language: string | undefined,
  values: ReadonlyMap<string, string>,
): MessageContent {
  const missing = new Set<string>();
  const say = (text: string): string => {
    const unknown = variablesIn(text).filter((name) => !values.has(name));
    for (const name of unknown) missing.add(name);
    return unknown.length > 0 ? text : fill(text, values);
  };
  const content = compose(inLanguage(step, language), say);
  if (missing.size > 0) throw new MissingVariables([...missing]);
  checkContent(content);
  return content;
}

/** The language in which a step speaks to a customer: theirs, or that without its region, or the step's own. */
export function languageOf(step: FlowStep, wanted: string | undefined): string {
  if (wanted === undefined) return step.language;
  const known = new Map(
    [step.language, ...Object.keys(step.translations)].map((language) => [plain(language), language]),
  );
  return known.get(plain(wanted)) ?? known.get(plain(wanted).split('-')[0]!) ?? step.language;
}

function plain(language: string): string {
  return language.replaceAll('_', '-').toLowerCase();
}

function inLanguage(step: FlowStep, wanted: string | undefined): FlowStep {
  const translation = step.translations[languageOf(step, wanted)];
  if (!translation) return step;
  const { titles: _, descriptions: __, ...texts } = translation;
  return { ...step, ...texts, branches: step.branches.map((branch) => branchIn(translation, branch)) };
}

function branchIn(translation: StepTranslation, branch: FlowBranch): FlowBranch {
  const description = descriptionIn(translation, branch);
  return { ...branch, title: titleIn(translation, branch), ...(description !== undefined && { description }) };
}

function compose(step: FlowStep, say: (text: string) => string): MessageContent {
  switch (step.kind) {
    case 'text':
      return { type: 'text', body: say(step.body) };
    case 'interactive_button':
      return {
        type: 'buttons',
        ...frame(step, say),
        buttons: step.branches.map(({ id, title }) => ({ id, title: say(title) })),
      };
    case 'interactive_list':
      return {
        type: 'list',
        ...frame(step, say),
        button: say(step.listButton ?? LIST_BUTTON),
        sections: [{ rows: step.branches.map((branch) => row(branch, say)) }],
      };
    case 'media':
      return media(step, say);
    case 'whatsapp_template':
      return template(step, say);
  }
}

function frame(
  { header, body, footer }: FlowStep,
  say: (text: string) => string,
): { header?: string; body: string; footer?: string } {
  return {
    ...(header !== undefined && { header: say(header) }),
    body: say(body),
    ...(footer !== undefined && { footer: say(footer) }),
  };
}

function row(
  { id, title, description }: FlowBranch,
  say: (text: string) => string,
): { id: string; title: string; description?: string } {
  return { id, title: say(title), ...(description !== undefined && { description: say(description) }) };
}

function media({ key, body, media: file }: FlowStep, say: (text: string) => string): MessageContent {
  if (!file) throw new Error(`Step ${key} is to send media and names none`);
  const { kind } = file;
  return {
    type: kind,
    media: reference(file, say),
    ...(body !== '' && kind !== 'audio' && { caption: say(body) }),
  };
}

function reference(
  { kind, mediaId, link = '' }: NonNullable<FlowStep['media']>,
  say: (text: string) => string,
): MediaReference {
  return mediaId === undefined ? { kind, link: say(link) } : { kind, mediaId };
}

/** A file in the header is the step's media; quick replies carry the ids of its branches. */
function template(
  { key, whatsappTemplate, branches, media: file }: FlowStep,
  say: (text: string) => string,
): MessageContent {
  if (!whatsappTemplate) throw new Error(`Step ${key} is to send a template and names none`);
  const { name, language, variables = {}, headerVariables = {} } = whatsappTemplate;
  const header = file ? reference(file, say) : filled(headerVariables, say);
  const body = filled(variables, say);
  const buttons = buttonsOf(whatsappTemplate, branches, say);
  return {
    type: 'template',
    name,
    language,
    ...(header && { header }),
    ...(body && { body }),
    ...(buttons.length > 0 && { buttons }),
  };
}

/** Variables that are called 1, 2, 3 are Meta's positional ones; a template has either kind. */
function filled(
  variables: Readonly<Record<string, string>>,
  say: (text: string) => string,
): TemplateVariables | undefined {
  const said = Object.entries(variables).map(([variable, text]) => [variable, say(text)] as const);
  if (said.length === 0) return undefined;
  return said.every(([variable]) => /^\d+$/.test(variable))
    ? { positional: said.sort(([a], [b]) => Number(a) - Number(b)).map(([, text]) => text) }
    : { named: Object.fromEntries(said) };
}

function buttonsOf(
  { buttons = [] }: StepTemplate,
  branches: readonly FlowBranch[],
  say: (text: string) => string,
): NonNullable<TemplateContent['buttons']> {
  const positions = positionsOf(
    branches,
    buttons.map(({ index }) => index),
  );
  const replies = branches.map(({ id }, at) => ({ index: positions[at]!, kind: 'quick_reply' as const, value: id }));
  const valued = buttons.map(({ index, kind, value }) => ({ index, kind, value: say(value) }));
  return [...replies, ...valued].sort((a, b) => a.index - b.index);
}
