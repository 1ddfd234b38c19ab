import { Injectable } from '@nestjs/common';
import { Senders } from '../../application/outbound/senders.js';
import { ProviderTemplates, type TemplateAccount } from '../../application/templates/provider-templates.js';
import { ProviderRefused, ProviderUnreachable } from '../../domain/account-errors.js';
import type { TemplateSubmission } from '../../domain/templates/check-submission.js';
import type { TemplateNews } from '../../domain/templates/learn-template.js';
import { type TemplatePart, partIn, textIn, wordIn } from '../../domain/templates/template.js';
import { GraphClient, graphPath, type GraphRequest } from './graph-client.js';
import { classOf, graphFailure, lostError } from './meta-errors.js';

const FIELDS =
  'id,name,language,category,previous_category,status,quality_score,rejected_reason,parameter_format,components';
const PAGE = '100';
/** An account has 6,000 templates at most (Meta, "Templates", limits). */
const PAGES = 60;
/** The token itself; others of its class may mean that it may send, but not manage templates. */
const TOKEN_DEAD = 190;
/** Subcode of 100: no template has that name (any more). */
const GONE = 2593002;

/** Templates by Meta's Graph API (Meta, "WhatsApp Business Account > Message Templates"). */
@Injectable()
export class MetaTemplates extends ProviderTemplates {
  constructor(
    private readonly graph: GraphClient,
    private readonly senders: Senders,
  ) {
    super();
  }

  async list(account: TemplateAccount): Promise<TemplateNews[]> {
    const found: TemplateNews[] = [];
    let after: string | undefined = '';
    for (let page = 0; page < PAGES && after !== undefined; page++) {
      const answer: TemplatePart = await this.#ask(account, {
        method: 'GET',
        path: graphPath(account.wabaId, 'message_templates'),
        query: { fields: FIELDS, limit: PAGE, ...(after === '' ? {} : { after }) },
      });
      if (!Array.isArray(answer['data'])) throw new ProviderUnreachable('NO_LIST');
      found.push(...(answer['data'] as unknown[]).flatMap((one) => newsOf(partIn(one))));
      const paging = partIn(answer['paging']);
      after = paging['next'] === undefined ? undefined : textIn(partIn(paging['cursors'])['after']) || undefined;
    }
    return found;
  }

  async submit(account: TemplateAccount, submission: TemplateSubmission): Promise<TemplateNews> {
    const { name, language, category, parameterFormat, components } = submission;
    const answer = await this.#ask(account, {
      method: 'POST',
      path: graphPath(account.wabaId, 'message_templates'),
      body: {
        name,
        language,
        category: category.toUpperCase(),
        parameter_format: parameterFormat.toUpperCase(),
        components,
      },
    });
    return {
      name,
      language,
      components,
      parameterFormat,
      status: textIn(answer['status']) || 'pending',
      category: textIn(answer['category']) || category,
      ...(textIn(answer['id']) !== '' && { providerId: textIn(answer['id']) }),
    };
  }

  async remove(account: TemplateAccount, name: string): Promise<void> {
    const request = {
      method: 'DELETE',
      path: graphPath(account.wabaId, 'message_templates'),
      query: { name },
    } as const;
    await this.#ask(account, request, [GONE]);
  }

  /**
   * @param fine subcodes of refusals that mean that there is nothing left to do
   * @throws ProviderRefused with Meta's code, ProviderUnreachable for everything that may go away by itself
   */
  async #ask(
    account: TemplateAccount,
    asked: Omit<GraphRequest, 'accessToken'>,
    fine: readonly number[] = [],
  ): Promise<TemplatePart> {
    const request: GraphRequest = { ...asked, accessToken: account.accessToken };
    const answer = await this.graph.request(request);
    if (answer.kind === 'lost') throw new ProviderUnreachable(lostError(answer).code);
    const failure = graphFailure(answer, account.accessToken);
    if (!failure) {
      if (answer.status < 300) return partIn(answer.json);
      throw new ProviderUnreachable(`HTTP_${answer.status}`);
    }
    if (failure.subcode !== undefined && fine.includes(failure.subcode)) return {};
    const { code, title, detail, httpStatus } = failure.error;
    const kind = classOf(code)?.kind;
    if (httpStatus >= 500 || kind === 'throttled' || kind === 'soft-unknown') throw new ProviderUnreachable(code);
    if (code === TOKEN_DEAD)
      await this.senders.refuseCredential(account.accountId, account.credentialVersion, `${code}: ${title}`);
    throw new ProviderRefused(code, detail === undefined ? title : `${title} (${detail})`);
  }
}

function newsOf(one: TemplatePart): TemplateNews[] {
  const [name, language] = [textIn(one['name']), textIn(one['language'])];
  if (name === '' || language === '') return [];
  const id = textIn(one['id']);
  const reason = textIn(one['rejected_reason']);
  const score = textIn(partIn(one['quality_score'])['score']);
  const [status, category, former] = [one['status'], one['category'], one['previous_category']].map(textIn);
  return [
    {
      name,
      language,
      ...(id !== '' && { providerId: id }),
      ...(status && { status }),
      rejectedReason: reason === '' || reason === 'NONE' ? null : reason,
      ...(category && { category }),
      ...(former && { formerCategory: former }),
      quality: score === '' ? null : score,
      parameterFormat: wordIn(one['parameter_format']) === 'NAMED' ? 'named' : 'positional',
      components: Array.isArray(one['components']) ? (one['components'] as unknown[]).map(partIn) : [],
    },
  ];
}
