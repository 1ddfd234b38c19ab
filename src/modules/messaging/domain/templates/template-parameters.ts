import {
  buttonsOf,
  componentOf,
  type ParameterFormat,
  type Template,
  textIn,
  variablesOf,
  wordIn,
} from './template.js';

/** What whoever sends a template has to give (S1.37, C19). */
export interface TemplateParameters {
  readonly format: ParameterFormat;
  /** Variables of the header's text, or the kind of file that it shows. Left out: the header takes nothing. */
  readonly header?:
    | { readonly kind: 'text'; readonly names: readonly string[] }
    | { readonly kind: 'image' | 'video' | 'document' | 'location' };
  readonly body: readonly string[];
  /** Buttons that take something, by their position. */
  readonly buttons: readonly {
    readonly index: number;
    readonly kind: 'quick_reply' | 'url' | 'copy_code';
    /** A quick reply without a payload answers with its title; the others must be given. */
    readonly required: boolean;
    readonly title: string;
  }[];
}

const FILES: Readonly<Record<string, 'image' | 'video' | 'document' | 'location'>> = {
  IMAGE: 'image',
  VIDEO: 'video',
  DOCUMENT: 'document',
  LOCATION: 'location',
};

/** The parameters of a template, read from its components. */
export function parametersOf(template: Template): TemplateParameters {
  const header = headerOf(template);
  return {
    format: template.parameterFormat,
    ...(header && { header }),
    body: variablesOf(bodyText(template)),
    buttons: buttonsOf(template).flatMap((button, index): TemplateParameters['buttons'] => {
      const title = textIn(button['text']);
      switch (wordIn(button['type'])) {
        case 'QUICK_REPLY':
          return [{ index, kind: 'quick_reply', required: false, title }];
        case 'URL':
          return variablesOf(textIn(button['url'])).length > 0 ? [{ index, kind: 'url', required: true, title }] : [];
        // The code of an authentication template goes to its button as well, as the end of an URL.
        case 'OTP':
          return [{ index, kind: 'url', required: true, title }];
        case 'COPY_CODE':
          return [{ index, kind: 'copy_code', required: true, title }];
        default:
          return [];
      }
    }),
  };
}

/** The text of the body. The provider words authentication templates itself and may leave their text out. */
export function bodyText(template: Pick<Template, 'components' | 'category'>): string {
  const text = textIn(componentOf(template, 'BODY')?.['text']);
  return text === '' && template.category === 'authentication' ? '{{1}}' : text;
}

function headerOf(template: Template): TemplateParameters['header'] {
  const header = componentOf(template, 'HEADER');
  if (!header) return undefined;
  const file = FILES[wordIn(header['format'])];
  if (file) return { kind: file };
  const names = variablesOf(textIn(header['text']));
  return names.length === 0 ? undefined : { kind: 'text', names };
}
