import { randomInt } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { request as post } from 'undici';
import { GraphError } from '../graph-error.js';
import { objectOf, textOf } from '../json-input.js';
import { requireLoopback, SandboxRefusal, SandboxSettings } from '../settings.js';
import { WebhookSender } from '../webhook-sender.js';
import { tokenOf } from './request.js';

/** `/{app-id}/subscriptions`: where the app's webhooks go. Verified with a challenge before it counts (S0.55). */
@Controller()
export class AppSubscriptionsController {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly webhooks: WebhookSender,
  ) {}

  @Get(':appId/subscriptions')
  read(@Param('appId') appId: string, @Req() request: FastifyRequest): object {
    this.requireApp(appId, request);
    return {
      data: [
        {
          object: 'whatsapp_business_account',
          callback_url: this.webhooks.url,
          active: true,
          fields: [{ name: 'messages', version: 'v24.0' }],
        },
      ],
    };
  }

  @Post(':appId/subscriptions')
  @HttpCode(200)
  async subscribe(
    @Param('appId') appId: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    this.requireApp(appId, request);
    const { callback_url: address, verify_token: token } = objectOf(body);
    const url = callbackUrl(textOf(address) ?? '');
    const challenge = String(randomInt(1_000_000_000));
    url.search = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.challenge': challenge,
      'hub.verify_token': textOf(token) ?? this.settings.verifyToken,
    }).toString();
    const answer = await answerOf(url);
    if (answer !== challenge)
      throw new GraphError(
        2200,
        `Callback verification failed: expected '${challenge}', received '${answer.slice(0, 100)}'.`,
        { title: 'Callback verification failed' },
      );
    url.search = '';
    this.webhooks.deliverTo(url.href);
    return { success: true };
  }

  private requireApp(appId: string, request: FastifyRequest): void {
    const { appId: own, appSecret } = this.settings;
    if (appId !== own || tokenOf(request) !== `${own}|${appSecret}`)
      throw GraphError.badToken('An app access token is required for this request.');
  }
}

function callbackUrl(address: string): URL {
  try {
    return requireLoopback(address);
  } catch (error) {
    throw new GraphError(100, error instanceof SandboxRefusal ? error.message : 'callback_url is not valid.');
  }
}

async function answerOf(url: URL): Promise<string> {
  try {
    const answer = await post(url, { headersTimeout: 5_000 });
    const text = await answer.body.text();
    return answer.statusCode === 200 ? text : `HTTP ${answer.statusCode}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'no answer';
  }
}
