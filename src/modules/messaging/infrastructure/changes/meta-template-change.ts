import { known } from '../inbound/meta-message.js';
import { isObject, textIn, type JsonObject } from '../inbound/webhook-json.js';
import type { ChangeReader } from './meta-change-values.js';

/** Which template. Webhooks write `en-US` where the list writes `en_US`. */
function templateOf(value: JsonObject): { name: string; language: string; providerId?: string } | undefined {
  const name = textIn(value['message_template_name']);
  const language = textIn(value['message_template_language'])?.replace('-', '_');
  if (name === undefined || language === undefined) return undefined;
  return { name, language, ...known('providerId', textIn(value['message_template_id'])) };
}

export const readTemplateStatus: ChangeReader = (value, at) => {
  // The documentation has scores under this field, too.
  if (value['new_quality_score'] !== undefined) return readTemplateQuality(value, at);
  const template = templateOf(value);
  const status = textIn(value['event']);
  if (!template || status === undefined) return [];
  const detail = [value['rejection_info'], value['other_info'], value['disable_info']].find(isObject);
  const reason = textIn(value['reason']);
  return [
    {
      kind: 'template-status',
      ...template,
      status: status.toLowerCase(),
      ...(reason !== undefined && reason !== 'NONE' && { reason }),
      ...(detail && { detail }),
      ...known('category', textIn(value['message_template_category'])?.toLowerCase()),
    },
  ];
};

export const readTemplateQuality: ChangeReader = (value) => {
  const template = templateOf(value);
  const quality = textIn(value['new_quality_score']);
  if (!template || quality === undefined) return [];
  return [
    {
      kind: 'template-quality',
      ...template,
      quality: quality.toLowerCase(),
      ...known('previous', textIn(value['previous_quality_score'])?.toLowerCase()),
    },
  ];
};

/**
 * What its category is now. A webhook with `correct_category` is an announcement: the category becomes that later, `new_category` is still
 * the one it has (Meta, "template_category_update webhook reference").
 */
export const readTemplateCategory: ChangeReader = (value) => {
  const template = templateOf(value);
  const category = textIn(value['new_category']);
  if (!template || category === undefined) return [];
  return [
    {
      kind: 'template-category',
      ...template,
      category: category.toLowerCase(),
      ...known('previous', textIn(value['previous_category'])?.toLowerCase()),
      ...known('announced', textIn(value['correct_category'])?.toLowerCase()),
    },
  ];
};

export const readTemplateComponents: ChangeReader = (value) => {
  const template = templateOf(value);
  return template ? [{ kind: 'template-components', ...template }] : [];
};
