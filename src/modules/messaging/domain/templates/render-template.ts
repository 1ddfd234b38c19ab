import type { TemplateContent } from '../message-content.js';
import { valuesOf } from './check-template.js';
import { buttonsOf, componentOf, filled, type Template, textIn, wordIn } from './template.js';
import { bodyText } from './template-parameters.js';

/** What the customer will see (S1.38). Variables without a value stand as they are in the template. */
export interface RenderedTemplate {
  readonly header?: { readonly kind: string; readonly text?: string };
  readonly body: string;
  readonly footer?: string;
  readonly buttons: readonly {
    /** quick_reply | url | phone_number | copy_code | otp | flow | ... */
    readonly kind: string;
    readonly text: string;
    readonly url?: string;
    readonly phoneNumber?: string;
  }[];
}

export function renderTemplate(
  template: Template,
  content: Pick<TemplateContent, 'header' | 'body' | 'buttons'>,
): RenderedTemplate {
  const header = componentOf(template, 'HEADER');
  const footer = textIn(componentOf(template, 'FOOTER')?.['text']);
  const variables = content.header && !('kind' in content.header) ? content.header : undefined;
  const format = wordIn(header?.['format']) || 'TEXT';
  return {
    ...(header && {
      header:
        format === 'TEXT'
          ? { kind: 'text', text: filled(textIn(header['text']), valuesOf(variables)) }
          : { kind: format.toLowerCase() },
    }),
    body: filled(bodyText(template), valuesOf(content.body)),
    ...(footer !== '' && { footer }),
    buttons: buttonsOf(template).map((button, index) => {
      const value = content.buttons?.find((one) => one.index === index)?.value;
      const url = textIn(button['url']);
      const phoneNumber = textIn(button['phone_number']);
      return {
        kind: wordIn(button['type']).toLowerCase(),
        text: textIn(button['text']),
        ...(url !== '' && { url: value === undefined ? url : filled(url, new Map([['1', value]])) }),
        ...(phoneNumber !== '' && { phoneNumber }),
      };
    }),
  };
}
