import type { InboundBody, MessageContent } from '../../messaging/index.js';

const LENGTH = 160;

/** One line that stands for a customer's message in the list of conversations (S0.88). */
export function previewOfInbound(body: InboundBody): string {
  switch (body.type) {
    case 'text':
      return line(body.text);
    case 'tap':
      return line(body.title);
    case 'media':
      return line(body.caption ?? body.filename ?? `[${body.kind}]`);
    case 'location':
      return line(body.name ?? body.address ?? '[location]');
    case 'reaction':
      return line(body.emoji || '[reaction removed]');
    case 'order':
      return line(body.text ?? '[order]');
    case 'system':
      return line(body.text ?? '[system]');
    case 'other':
      return line(`[${body.providerType}]`);
    case 'contacts':
    case 'form':
      return `[${body.type}]`;
  }
}

/** One line that stands for a message of the merchant's. */
export function previewOfOutbound(content: MessageContent): string {
  switch (content.type) {
    case 'text':
    case 'buttons':
    case 'list':
      return line(content.body);
    case 'template':
      return line(`[template ${content.name}]`);
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return line(content.caption ?? content.filename ?? `[${content.type}]`);
    case 'location':
      return line(content.name ?? content.address ?? '[location]');
    case 'reaction':
      return line(content.emoji || '[reaction removed]');
    case 'contacts':
      return '[contacts]';
  }
}

function line(text: string): string {
  const characters = Array.from(text.replace(/\s+/gu, ' ').trim());
  return characters.length <= LENGTH ? characters.join('') : `${characters.slice(0, LENGTH - 1).join('')}…`;
}
