import type { MediaKind, MediaReference, MessageContent, ProviderMediaReference } from './message-content.js';

/** The file of ours that a message shows; undefined when it shows none, or one that the provider has or fetches. */
export function ownFileOf(content: MessageContent): { readonly kind: MediaKind; readonly mediaId: string } | undefined {
  const reference = referenceOf(content);
  return reference && 'mediaId' in reference ? reference : undefined;
}

/** The address that the provider shall fetch a message's file from; undefined when it shows none, or one that is somewhere already. */
export function linkOf(content: MessageContent): string | undefined {
  const reference = referenceOf(content);
  return reference && 'link' in reference ? reference.link : undefined;
}

/** The same message with the provider's id in the place of ours. */
export function withProviderFile(content: MessageContent, providerMediaId: string): MessageContent {
  const own = ownFileOf(content);
  if (!own) return content;
  const placed: ProviderMediaReference = { kind: own.kind, id: providerMediaId };
  if (content.type === 'template') return { ...content, header: placed };
  return 'media' in content ? { ...content, media: placed } : content;
}

function referenceOf(content: MessageContent): MediaReference | undefined {
  if (content.type === 'template') return content.header && 'kind' in content.header ? content.header : undefined;
  return 'media' in content ? content.media : undefined;
}
