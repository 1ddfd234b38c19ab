import type { MessageContent, RenderedTemplate, TemplateContent } from '../../../messaging/index.js';
import type { FlowStep } from '../../domain/flow-step.js';
import type { TranscriptLine } from './transcript.js';

type Said = Pick<TranscriptLine, 'kind' | 'text' | 'buttons'>;

/** A message as lines of a transcript show it. @param rendered what the customer sees of a template, where it is known */
export function said(content: MessageContent, step: FlowStep, rendered: RenderedTemplate | undefined): Said {
  const kind = content.type;
  switch (content.type) {
    case 'text':
      return { kind, text: content.body, buttons: [] };
    case 'buttons':
      return { kind, text: framed(content), buttons: content.buttons };
    case 'list': {
      const rows = content.sections.flatMap((section) => section.rows);
      return { kind, text: framed(content), buttons: rows.map(({ id, title }) => ({ id, title })) };
    }
    case 'template':
      return rendered ? saidBy(rendered, content) : unknownTemplate(content, step);
    default:
      return { kind, text: 'caption' in content ? (content.caption ?? null) : null, buttons: [] };
  }
}

/** A quick reply that no branch stands for comes back with its title. */
function saidBy(rendered: RenderedTemplate, { type, buttons = [] }: TemplateContent): Said {
  const idAt = (position: number, title: string): string =>
    buttons.find(({ index, kind }) => index === position && kind === 'quick_reply')?.value ?? title;
  return {
    kind: type,
    text: framed({ ...rendered, header: rendered.header?.text }),
    buttons: rendered.buttons.flatMap(({ kind, text }, position) =>
      kind === 'quick_reply' ? [{ id: idAt(position, text), title: text }] : [],
    ),
  };
}

/** Its buttons are taken to say what the step's branches are called. */
function unknownTemplate({ type, name, language }: TemplateContent, { branches }: FlowStep): Said {
  return { kind: type, text: `[${name} ${language}]`, buttons: branches.map(({ id, title }) => ({ id, title })) };
}

function framed({
  header,
  body,
  footer,
}: {
  header?: string | undefined;
  body: string;
  footer?: string | undefined;
}): string {
  return [header, body, footer].filter((part) => part !== undefined).join('\n');
}
