import type { MessageContent } from '../../../messaging/index.js';
import type { FlowStep } from '../../domain/flow-step.js';
import type { TranscriptLine } from './transcript.js';

/** A message as lines of a transcript show it. The buttons of an approved template bear the titles of the step's branches. */
export function said(content: MessageContent, step: FlowStep): Pick<TranscriptLine, 'kind' | 'text' | 'buttons'> {
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
      return {
        kind,
        text: `[${content.name} ${content.language}]`,
        buttons: step.branches.map(({ id, title }) => ({ id, title })),
      };
    default:
      return { kind, text: 'caption' in content ? (content.caption ?? null) : null, buttons: [] };
  }
}

function framed({ header, body, footer }: { header?: string; body: string; footer?: string }): string {
  return [header, body, footer].filter((part) => part !== undefined).join('\n');
}
