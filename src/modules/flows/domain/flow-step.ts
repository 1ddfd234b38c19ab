/** What a step of the flow sends (S2.15, C17). `whatsapp_template` names a template that Meta has approved. */
export const STEP_KINDS = ['text', 'interactive_button', 'interactive_list', 'media', 'whatsapp_template'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** A button or a row of a list, and where it leads (S2.16). */
export interface FlowBranch {
  /** `btn_` and eight characters, made here and never changed (S2.22). */
  readonly id: string;
  /** Up to 24 characters; above 20 a message shows its buttons as rows of a list (C16). */
  readonly title: string;
  /** Rows of lists only, up to 72 characters. */
  readonly description?: string;
  /** Left out: the flow ends here; the tap is kept, and a person may answer. */
  readonly nextTemplateKey?: string;
  readonly nextState?: string;
  /**
   * Of a template of WhatsApp's: the position of the quick reply among all its buttons, from 0. Left out: the first that neither another branch
   * nor a value of the step's has.
   */
  readonly index?: number;
}

/** What a step asks for in words: the customer's next text becomes an answer with a name (S2.103). */
export interface Collects {
  /** Name of the answer; used as `{{answers.<name>}}` from then on. */
  readonly as: string;
  /** RE2 pattern that the whole text has to match; left out: any text. */
  readonly pattern?: string;
  readonly nextTemplateKey: string;
  readonly nextState?: string;
  /** Sent when the text does not match; left out: the step itself, again. */
  readonly invalidTemplateKey?: string;
}

/** The same step in another language; what is left out is said in the step's own. */
export interface StepTranslation {
  readonly body?: string;
  readonly header?: string;
  readonly footer?: string;
  readonly listButton?: string;
  /** By id of the branch. */
  readonly titles?: Readonly<Record<string, string>>;
  /** Of rows, by id of the branch. */
  readonly descriptions?: Readonly<Record<string, string>>;
  /** The template in that language, with all that it is given: it stands in the place of the step's own. */
  readonly whatsappTemplate?: StepTemplate;
}

/** A template of WhatsApp's, and what stands for its variables. Names are the template's own, or 1, 2, 3. */
export interface StepTemplate {
  readonly name: string;
  /** As Meta writes it: `en`, `en_US`. */
  readonly language: string;
  /** Of its body. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Of its header's text; a file in the header is the step's media. */
  readonly headerVariables?: Readonly<Record<string, string>>;
  /** By position among all its buttons, from 0: how the address of a button ends, or the code that it copies. Quick replies are branches. */
  readonly buttons?: readonly StepTemplateButton[];
}

export const TEMPLATE_BUTTON_KINDS = ['url', 'copy_code'] as const;

export interface StepTemplateButton {
  readonly index: number;
  readonly kind: (typeof TEMPLATE_BUTTON_KINDS)[number];
  readonly value: string;
}

/** A step of the merchant's flow, whole. Texts may carry variables: `{{customer.name}}`, `{{customer.balance}}`, `{{answers.<name>}}` (S2.104). */
export interface FlowStep {
  readonly key: string;
  readonly kind: StepKind;
  readonly body: string;
  readonly header?: string;
  readonly footer?: string;
  /** Label of the button that opens a list. */
  readonly listButton?: string;
  readonly branches: readonly FlowBranch[];
  readonly collects?: Collects;
  readonly media?: {
    readonly kind: 'image' | 'video' | 'audio' | 'document';
    readonly mediaId?: string;
    readonly link?: string;
  };
  readonly whatsappTemplate?: StepTemplate;
  /** Language of the texts above. */
  readonly language: string;
  readonly translations: Readonly<Record<string, StepTranslation>>;
  /** After this step a person answers: automation is silent for the merchant's time, or until it is let go. */
  readonly handsOff: boolean;
  readonly isActive: boolean;
}
