/**
 * What a message says, in NoDue's own words; only the provider's adapter knows the provider's. Field limits are those of
 * the platform (whatsapp-platform.md, "Field limits") and are checked by `checkContent` before a message is queued.
 */
export type MessageContent =
  | TextContent
  | TemplateContent
  | ButtonsContent
  | ListContent
  | MediaContent
  | LocationContent
  | ContactsContent
  | ReactionContent;

export interface TextContent {
  readonly type: 'text';
  /** Up to 4096 characters. */
  readonly body: string;
  readonly previewUrl?: boolean;
}

/** A template that Meta has approved; the only content that may leave outside the 24 h window (S1.88). */
export interface TemplateContent {
  readonly type: 'template';
  readonly name: string;
  /** Meta's language code, exact: `en`, `en_US`, `hi`. */
  readonly language: string;
  /** Text variables of the header, or the media that it shows. */
  readonly header?: TemplateVariables | MediaReference;
  readonly body?: TemplateVariables;
  /** By position of the button: the payload of a quick reply, or the variable part of a URL. */
  readonly buttons?: readonly {
    readonly index: number;
    readonly kind: 'quick_reply' | 'url' | 'copy_code';
    readonly value: string;
  }[];
}

/** Positional variables ({{1}}, {{2}}) as a list, named ones ({{name}}) as a map (C19). */
export type TemplateVariables =
  { readonly positional: readonly string[] } | { readonly named: Readonly<Record<string, string>> };

/** Up to three reply buttons. */
export interface ButtonsContent {
  readonly type: 'buttons';
  readonly header?: string;
  readonly body: string;
  readonly footer?: string;
  readonly buttons: readonly { readonly id: string; readonly title: string }[];
}

/** A list of up to ten rows behind one button. */
export interface ListContent {
  readonly type: 'list';
  readonly header?: string;
  readonly body: string;
  readonly footer?: string;
  /** Label of the button that opens the list. */
  readonly button: string;
  readonly sections: readonly { readonly title?: string; readonly rows: readonly ListRow[] }[];
}

export interface ListRow {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

export interface MediaContent {
  readonly type: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  readonly media: MediaReference;
  /** Not for audio and stickers. */
  readonly caption?: string;
  /** Documents only. */
  readonly filename?: string;
}

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** Media that the provider has, or a link that it fetches. */
export type ProviderMediaReference =
  { readonly kind: MediaKind; readonly id: string } | { readonly kind: MediaKind; readonly link: string };

/** The same, or a file of ours (`POST /v1/media`), which is put at the provider before the message is. */
export type MediaReference = ProviderMediaReference | { readonly kind: MediaKind; readonly mediaId: string };

export interface LocationContent {
  readonly type: 'location';
  readonly latitude: number;
  readonly longitude: number;
  readonly name?: string;
  readonly address?: string;
}

export interface ContactsContent {
  readonly type: 'contacts';
  readonly contacts: readonly ContactCard[];
}

export interface ContactCard {
  readonly name: { readonly formatted: string; readonly first?: string; readonly last?: string };
  readonly phones?: readonly { readonly phone: string; readonly label?: string }[];
  readonly emails?: readonly { readonly email: string; readonly label?: string }[];
  readonly organization?: string;
}

export interface ReactionContent {
  readonly type: 'reaction';
  readonly toWamid: string;
  /** Empty takes the reaction back. */
  readonly emoji: string;
}
