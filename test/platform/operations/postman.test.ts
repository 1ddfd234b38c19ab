import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { createHmac } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import { splitWebhook } from '../../../src/modules/messaging/infrastructure/inbound/split-webhook.js';
import { readWords, SendMessageDto } from '../../../src/modules/messaging/infrastructure/outbound/messages.dto.js';
import { apiDescriptions } from '../../../src/openapi.js';
import { testConfig } from '../../setup/config.js';

const NOWHERE = {
  databaseUrl: 'postgresql://nodue@127.0.0.1:1/nodue',
  databaseOwnerUrl: '',
  drop: () => Promise.resolve(),
};

interface Item {
  name: string;
  event?: { listen: string; script: { exec: string[] } }[];
  request: {
    method: string;
    auth?: { type: string };
    header: { key: string; value: string; disabled?: boolean }[];
    url: { raw: string };
    body?: { raw: string };
  };
}
interface Collection {
  auth: { type: string };
  variable: { key: string }[];
  item: { name: string; item: Item[] }[];
}

describe('The Postman collection (S2.88)', () => {
  let collection: Collection;
  let paths: Record<string, Record<string, unknown>>;

  beforeAll(async () => {
    const descriptions = await apiDescriptions(testConfig(NOWHERE));
    collection = JSON.parse(descriptions.get('docs/postman.json')!) as Collection;
    ({ paths } = parse(descriptions.get('docs/openapi.yaml')!) as { paths: typeof paths });
  });

  const requests = (): Item[] => collection.item.flatMap(({ item }) => item);
  const of = (method: string, path: string): Item[] =>
    requests().filter(({ request }) => request.method === method && request.url.raw === `{{baseUrl}}${path}`);
  const bodyOf = (item: Item): object => JSON.parse(item.request.body!.raw) as object;

  it('has a request for every operation of the API, and none besides', () => {
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace(/\{([^}]+)\}/g, ':$1')}`),
    );
    const asked = requests().map(({ request }) => `${request.method} ${request.url.raw.replace('{{baseUrl}}', '')}`);
    expect([...new Set(asked)].sort()).toEqual(described.sort());
  });

  it('is authorised by a variable, and knows every variable that it uses', () => {
    expect(collection.auth).toMatchObject({ type: 'bearer', bearer: [{ value: '{{token}}' }] });
    const known = [...collection.variable.map(({ key }) => key), 'signature', '$guid'];
    // Bodies are left out: a template's own placeholders look alike.
    const outside = JSON.stringify(requests().map(({ request: { header, url, auth } }) => [header, url, auth]));
    for (const [, used] of outside.matchAll(/\{\{([$\w]+)\}\}/g)) expect(known).toContain(used);
    expect(of('POST', '/v1/auth/login')[0]!.event![0]!.script.exec.join('\n')).toContain("set('token'");
  });

  it('sends in the three forms, each as the API takes it (S2.87, S2.85)', async () => {
    const forms = of('POST', '/v1/messages').map(bodyOf);
    expect(forms).toHaveLength(3);
    for (const form of forms) {
      const body = plainToInstance(SendMessageDto, form);
      expect(await validate(body, { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
      expect(readWords(body)).toEqual(expect.any(Object));
    }
    expect(forms.map((form) => Object.keys(form)[1])).toEqual(['text', 'templateKey', 'whatsappTemplate']);
  });

  it('plays Meta: webhooks with a text, a button_reply and a status, signed (S2.57, S2.87)', () => {
    const webhooks = of('POST', '/whatsapp/webhook');
    const kinds = webhooks.map((item) => splitWebhook(Buffer.from(item.request.body!.raw)).map(({ kind }) => kind));
    expect(kinds).toEqual([['message'], ['message'], ['status']]);
    expect(webhooks[0]!.request.body!.raw).toContain('"type": "text"');
    expect(webhooks[1]!.request.body!.raw).toContain('"button_reply"');
    for (const { event, request } of webhooks) {
      expect(request.auth).toEqual({ type: 'noauth' });
      expect(request.header).toContainEqual(
        expect.objectContaining({ key: 'X-Hub-Signature-256', value: 'sha256={{signature}}', disabled: false }),
      );
      const set = new Map<string, string>();
      const CryptoJS = {
        enc: { Hex: 'hex' },
        HmacSHA256: (said: string, secret: string) => ({
          toString: () => createHmac('sha256', secret).update(said).digest('hex'),
        }),
      };
      const pm = {
        request,
        collectionVariables: { get: () => 'secret' },
        variables: { set: (name: string, value: string) => set.set(name, value) },
      };
      runInNewContext(event![0]!.script.exec.join('\n'), { pm, CryptoJS });
      expect(set.get('signature')).toBe(createHmac('sha256', 'secret').update(request.body!.raw).digest('hex'));
    }
  });
});
