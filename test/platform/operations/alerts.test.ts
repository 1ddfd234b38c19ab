import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { Inbox } from '../../conversations/inbox.js';
import { PLATFORM_KEY } from '../../setup/config.js';

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

const operations = readFileSync('docs/operations.md', 'utf8');
const { groups } = parse(readFileSync('ops/prometheus/alerts.yml', 'utf8')) as {
  groups: { name: string; rules: Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

/** As GitHub makes them. */
const anchors = new Set(
  [...operations.matchAll(/^#{2,4} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  ),
);

describe('The alerts (S2.78, S2.84)', () => {
  let inbox: Inbox;
  let text: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
    ({ text } = await inbox.asText('GET', '/metrics', PLATFORM_KEY));
  });
  afterAll(() => inbox.close());

  it('have each a name of their own, a patience, a severity and a page that says what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        alert: expect.stringMatching(/^[A-Z][A-Za-z]+$/),
        for: expect.stringMatching(/^\d+[mh]$/),
        labels: { severity: expect.stringMatching(/^(warning|critical)$/) },
        annotations: { summary: expect.any(String) },
      });
      const [page, anchor] = rule.annotations.runbook.split('#');
      expect(page).toBe('docs/operations.md');
      expect({ alert: rule.alert, anchor, isThere: anchors.has(anchor!) }).toMatchObject({ isThere: true });
    }
  });

  it.each(rules.map((rule) => [rule.alert, rule]))('%s asks for series and labels that /metrics has', (_, { expr }) => {
    const series = [...expr.matchAll(/\b(nodue_\w+)(?:\{([^}]*)\})?/g)];
    expect(series).not.toEqual([]);
    for (const [, name, selector = ''] of series) {
      const metric = name!.replace(/_(?:count|bucket|sum)$/, '');
      expect(text).toContain(`# TYPE ${metric} `);
      const { labelNames } = inbox.get(Metrics).registry.getSingleMetric(metric) as unknown as { labelNames: string[] };
      for (const [, label] of selector.matchAll(/(\w+)\s*(?:=~|!=|=)/g)) expect(labelNames).toContain(label);
      const [, by = ''] = /\bby \(([^)]*)\)/.exec(expr) ?? [];
      for (const label of by.split(/,\s*/).filter((one) => one !== '' && one !== 'instance'))
        expect(labelNames).toContain(label);
    }
    expect(expr.split('(').length).toBe(expr.split(')').length);
  });

  it('know everything that S2.77 and S2.78 name: depth, retries, failed sends, webhook errors, bad signatures, zombies', () => {
    for (const series of [
      'nodue_outbound_queue',
      'nodue_queue_depth',
      'nodue_outbound_retries_total',
      'nodue_outbound_failed_total',
      'nodue_webhook_endpoints',
      'nodue_webhooks_late_seconds',
      'nodue_webhooks_received_total',
      'nodue_whatsapp_breakers',
      'nodue_lane_lag_seconds',
      'nodue_lane_failures_total',
      'nodue_dead_letters',
      'nodue_lanes_orphaned',
    ])
      expect(rules.some(({ expr }) => expr.includes(series))).toBe(true);
  });

  it('each have a case that fires and that does not, for promtool', () => {
    const { tests } = parse(readFileSync('ops/prometheus/alerts.test.yml', 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[];
    };
    const cases = tests.flatMap((test) => test.alert_rule_test);
    for (const { alert } of rules) {
      const its = cases.filter(({ alertname }) => alertname === alert);
      expect({ alert, fires: its.some(({ exp_alerts: found = [] }) => found.length > 0) }).toMatchObject({
        fires: true,
      });
      expect({ alert, rests: its.some(({ exp_alerts: found = [] }) => found.length === 0) }).toMatchObject({
        rests: true,
      });
    }
  });

  it('that ask for growth see the first event: their series are there before it, at zero', () => {
    for (const series of [
      'nodue_outbound_messages_total{state="parked"}',
      'nodue_outbound_messages_total{state="failed"}',
      'nodue_webhooks_received_total{answer="unavailable"}',
      'nodue_webhooks_received_total{answer="refused"}',
      'nodue_messages_accepted_twice_total',
      'nodue_metrics_failures_total{metric="outbound_queue"}',
      ...['media', 'message', 'outbox', 'webhook-event'].map((kind) => `nodue_dead_letters{kind="${kind}"}`),
    ])
      expect(text).toContain(`${series} 0\n`);
  });

  it('see how many messages wait, of all merchants, and whose they are stands nowhere (S2.77)', async () => {
    // No lane is under way: these wait for a number that cannot send.
    const { tenantId } = await inbox.merchant();
    const rows = [
      ['queued', 0, '0 seconds'],
      ['queued', 1, '1 hour'],
      ['sending', 2, '0 seconds'],
    ];
    for (const [state, priority, ahead] of rows)
      await inbox.sql(
        tenantId,
        `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, priority, state, next_at, created_at, updated_at)
         values ($1::uuid, gen_random_uuid(), '1', 'OUTBOUND', 'phone', '919876543210', 'text', '{}', 'order_update', $2::smallint, $3, business_now() + $4::interval, now(), now())`,
        [tenantId, priority, state, ahead],
      );
    const { text: now } = await inbox.asText('GET', '/metrics', PLATFORM_KEY);
    expect(now).toContain('nodue_outbound_queue{state="queued",priority="answer"} 1');
    expect(now).toContain('nodue_outbound_queue{state="later",priority="normal"} 1');
    expect(now).toContain('nodue_outbound_queue{state="sending",priority="bulk"} 1');
    expect(now).toContain('nodue_outbound_queue{state="unknown",priority="normal"} 0');
    expect(now).not.toContain(tenantId);
    // The count has left the asker's own scope as it was.
    expect(await inbox.sql(tenantId, 'select count(*)::int as n from message')).toEqual([{ n: 3 }]);
  });

  it('know for how long work waits: not for as long as it is done', async () => {
    const { tenantId } = await inbox.merchant();
    await inbox.sql(
      tenantId,
      `insert into lane (kind, key, due_at, lease_until, drain_token) values
         ('media', 'drained and rung', now() - interval '20 minutes', now() + interval '30 seconds', gen_random_uuid()),
         ('media', 'waits', now() - interval '5 minutes', null, null)`,
    );
    await inbox.sql(
      tenantId,
      `insert into lane_ring (kind, key, due_at) values ('media', 'drained and rung', now() - interval '15 minutes'), ('media', 'rung', now())`,
    );
    const { text: now } = await inbox.asText('GET', '/metrics', PLATFORM_KEY);
    const lag = Number(/nodue_lane_lag_seconds\{kind="media"\} ([\d.]+)/.exec(now)![1]);
    expect(Math.round(lag / 60)).toBe(5);
    expect(now).toContain('nodue_lanes{kind="media",state="due"} 2');
    expect(now).toContain('nodue_lanes{kind="media",state="running"} 1');
  });

  it('tell of lanes that a dead process has left, and of those that end processes', async () => {
    const { tenantId } = await inbox.merchant();
    await inbox.sql(
      tenantId,
      `insert into lane (kind, key, lease_until, drain_token, deaths) values ('outbox', 'z', now() - interval '5 minutes', gen_random_uuid(), 4)`,
    );
    const { text: now } = await inbox.asText('GET', '/metrics', PLATFORM_KEY);
    expect(now).toContain('nodue_lanes_orphaned{kind="outbox"} 1');
    expect(now).toContain('nodue_lane_deaths{kind="outbox"} 4');
  });
});

describe('The retry policy', () => {
  it('stands in the documentation as the code has it, and is told to whoever asks (S2.67)', async () => {
    const inbox = await Inbox.open();
    try {
      const { apiKey } = await inbox.merchant();
      const { status, body } = await inbox.call<{ data: { kind: string; work: string; waitsSeconds: number[] }[] }>(
        'GET',
        '/v1/retry-policy',
        apiKey,
      );
      expect(status).toBe(200);
      expect(body.data.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['media', 'message', 'outbox', 'webhook-event']),
      );
      for (const { kind, work, waitsSeconds } of body.data)
        expect(operations).toContain(`| \`${kind}\` | ${work} | ${waitsSeconds.map(inWords).join(', ')}`);
      expect(body.data.find(({ kind }) => kind === 'message')).toMatchObject({ attempts: 5, spread: 0.25 });
    } finally {
      await inbox.close();
    }
  });
});

function inWords(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
