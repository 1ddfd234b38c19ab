import { Injectable } from '@nestjs/common';
import { GraphError } from './graph-error.js';
import { derivedDigits, newNumericId } from './ids.js';
import { STANDARD_TEMPLATES } from './standard-templates.js';
import { arrayOf, type JsonObject, objectOf, textOf } from './json-input.js';
import { readTemplateDefinition } from './template-definition.js';

export type TemplateStatus = 'PENDING' | 'APPROVED' | 'REJECTED' | 'PAUSED' | 'DISABLED';

/** A template of one account in one language, in the words of Meta's template API. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  category: string;
  status: TemplateStatus;
  parameter_format: 'NAMED' | 'POSITIONAL';
  components: JsonObject[];
  rejected_reason?: string;
}

/** Meta keeps at most this many templates in an unverified account. */
const TEMPLATES_PER_ACCOUNT = 250;

/** The templates of every account. An account begins with {@link STANDARD_TEMPLATES}, approved. */
@Injectable()
export class Templates {
  private readonly byAccount = new Map<string, Map<string, Template>>();

  list(wabaId: string): Template[] {
    return [...this.account(wabaId).values()];
  }

  find(wabaId: string, name: string, language: string): Template | undefined {
    return this.account(wabaId).get(keyOf(name, language));
  }

  findById(id: string): { wabaId: string; template: Template } | undefined {
    for (const [wabaId, templates] of this.byAccount) {
      for (const template of templates.values()) if (template.id === id) return { wabaId, template };
    }
    return undefined;
  }

  /** Takes a submission for review: the template is PENDING. @throws GraphError 100 */
  submit(wabaId: string, body: unknown): Template {
    const definition = readTemplateDefinition(body);
    const templates = this.account(wabaId);
    const key = keyOf(definition.name, definition.language);
    if (templates.has(key)) {
      throw new GraphError(100, 'Content in this language already exists.', { subcode: 2388024 });
    }
    if (templates.size >= TEMPLATES_PER_ACCOUNT) {
      throw new GraphError(100, 'Message template limit exceeded.', { subcode: 2388019 });
    }
    const template: Template = { id: newNumericId(), status: 'PENDING', ...definition };
    templates.set(key, template);
    return template;
  }

  /** Replaces what an edit may replace; the template goes through review again. @throws GraphError 100 */
  edit(template: Template, body: unknown): void {
    const changed = objectOf(body);
    if (
      changed['category'] !== undefined &&
      template.status === 'APPROVED' &&
      changed['category'] !== template.category
    ) {
      throw new GraphError(100, 'The category of an approved template cannot be edited.', { subcode: 2388025 });
    }
    const definition = readTemplateDefinition({
      ...template,
      ...changed,
      name: template.name,
      language: template.language,
    });
    template.category = definition.category;
    template.components = definition.components;
    template.parameter_format = definition.parameter_format;
    template.status = 'PENDING';
  }

  /** @returns how many languages of the template went */
  remove(wabaId: string, name: string, id?: string): number {
    const templates = this.account(wabaId);
    const gone = [...templates.values()].filter((one) => one.name === name && (id === undefined || one.id === id));
    for (const template of gone) templates.delete(keyOf(template.name, template.language));
    return gone.length;
  }

  clear(): void {
    this.byAccount.clear();
  }

  private account(wabaId: string): Map<string, Template> {
    let templates = this.byAccount.get(wabaId);
    if (!templates) {
      templates = new Map(
        STANDARD_TEMPLATES.map((one) => [
          keyOf(one.name, one.language),
          {
            ...one,
            components: structuredClone(one.components),
            status: 'APPROVED',
            id: derivedDigits(`template|${wabaId}|${one.name}|${one.language}`, 16),
          },
        ]),
      );
      this.byAccount.set(wabaId, templates);
    }
    return templates;
  }
}

function keyOf(name: string, language: string): string {
  return `${name}|${language}`;
}

/** The component of a kind, `HEADER`, `BODY`, `FOOTER` or `BUTTONS`. */
export function componentOf(template: Pick<Template, 'components'>, type: string): JsonObject | undefined {
  return template.components.find((component) => textOf(component['type'])?.toUpperCase() === type);
}

export function buttonsOf(template: Pick<Template, 'components'>): JsonObject[] {
  return arrayOf(componentOf(template, 'BUTTONS')?.['buttons']).map(objectOf);
}
