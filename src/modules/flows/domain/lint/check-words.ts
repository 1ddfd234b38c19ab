import type { FlowGraph } from '../flow-graph.js';
import type { FlowStep, StepTemplate } from '../flow-step.js';
import { variablesOf } from '../variables.js';
import type { Finding } from './finding.js';
import type { Surroundings } from './surroundings.js';

const ANSWERS = 'answers.';

/** What steps say that only the whole flow and its surroundings can tell: variables, languages, files, templates of WhatsApp's. */
export function* checkWords(graph: FlowGraph, around: Surroundings): Generator<Finding, void, undefined> {
  const asked = new Set(graph.steps.flatMap(({ collects }) => (collects ? [collects.as] : [])));
  const languages = new Set(graph.steps.flatMap(languagesOf));
  for (const step of graph.steps) {
    yield* checkVariables(step, asked, around);
    yield* checkLanguages(step, languages);
    yield* checkApproval(step, around);
    yield* checkSupplies(step, around);
  }
}

function* checkVariables(
  step: FlowStep,
  asked: ReadonlySet<string>,
  { variables }: Surroundings,
): Generator<Finding, void, undefined> {
  const where = { templateKey: step.key };
  for (const name of variablesOf(step)) {
    if (name.startsWith(ANSWERS)) {
      if (!asked.has(name.slice(ANSWERS.length)))
        yield {
          severity: 'warning',
          code: 'ANSWER_NEVER_ASKED',
          where,
          message: `No step asks for {{${name}}}: without it the step is not sent.`,
        };
    } else if (!variables.has(name))
      yield {
        severity: 'warning',
        code: 'VARIABLE_WITHOUT_SOURCE',
        where,
        message: `Nobody knows {{${name}}} but a program that sends the step itself: as an answer it is not sent.`,
      };
  }
}

/** A flow that speaks a language somewhere is expected to speak it everywhere. */
function* checkLanguages(step: FlowStep, languages: ReadonlySet<string>): Generator<Finding, void, undefined> {
  const own = new Set(languagesOf(step));
  const missing = [...languages].filter((language) => !own.has(language));
  if (missing.length > 0)
    yield {
      severity: 'info',
      code: 'TRANSLATION_MISSING',
      where: { templateKey: step.key, field: 'translations' },
      message: `Other steps speak ${missing.join(', ')} as well; this one is said in ${step.language}.`,
    };
}

function* checkApproval(step: FlowStep, { whatsappTemplates }: Surroundings): Generator<Finding, void, undefined> {
  if (!whatsappTemplates) return;
  for (const [field, { name, language }] of templatesOf(step))
    if (!whatsappTemplates.has(`${name}/${language}`))
      yield {
        severity: 'warning',
        code: 'WHATSAPP_TEMPLATE_NOT_APPROVED',
        where: { templateKey: step.key, field },
        message: `WhatsApp has no approved template ${name} in ${language} that your number may send.`,
      };
}

/** Files that are not there or that WhatsApp does not take, templates that would be refused as they are filled. */
function* checkSupplies(step: FlowStep, { refusalsOf }: Surroundings): Generator<Finding, void, undefined> {
  for (const { code, field, message } of refusalsOf(step))
    yield { severity: 'error', code, where: { templateKey: step.key, field }, message };
}

/** With the field that each stands in. */
function templatesOf({ kind, whatsappTemplate, translations }: FlowStep): [field: string, template: StepTemplate][] {
  if (kind !== 'whatsapp_template') return [];
  const spoken: [string, StepTemplate | undefined][] = [
    ['whatsappTemplate', whatsappTemplate],
    ...Object.entries(translations).map(([language, translation]): [string, StepTemplate | undefined] => [
      `translations.${language}.whatsappTemplate`,
      translation.whatsappTemplate,
    ]),
  ];
  return spoken.flatMap(([field, template]) => (template ? [[field, template]] : []));
}

/** WhatsApp approves each language of a template on its own: only those that are named are spoken. */
function languagesOf({ kind, language, translations }: FlowStep): string[] {
  const others = Object.entries(translations)
    .filter(([, { whatsappTemplate }]) => kind !== 'whatsapp_template' || whatsappTemplate)
    .map(([other]) => other);
  return [language, ...others];
}
