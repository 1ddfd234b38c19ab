import type { FlowBranch, StepTranslation } from './flow-step.js';

/** What a button is called in another language; ids are the merchant's to choose, `constructor` among them. */
export function titleIn({ titles = {} }: StepTranslation, { id, title }: FlowBranch): string {
  return Object.hasOwn(titles, id) ? titles[id]! : title;
}

/** What a row says below its title in another language. */
export function descriptionIn(
  { descriptions = {} }: StepTranslation,
  { id, description }: FlowBranch,
): string | undefined {
  return Object.hasOwn(descriptions, id) ? descriptions[id]! : description;
}
