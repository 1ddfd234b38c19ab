-- CreateTable
CREATE TABLE "flow_template" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "step" JSONB NOT NULL,
    "description" TEXT,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flow_template_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateTable
CREATE TABLE "flow" (
    "tenant_id" UUID NOT NULL,
    "rules" JSONB NOT NULL DEFAULT '[]',
    "fallback_template_key" TEXT,
    "restart_words" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "strict_titles" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flow_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "flow_version" (
    "tenant_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "graph" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flow_version_pkey" PRIMARY KEY ("tenant_id","version")
);

-- CreateTable
CREATE TABLE "flow_position" (
    "tenant_id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "flow_version" INTEGER NOT NULL,
    "last_template_key" TEXT,
    "open_key" TEXT,
    "state" TEXT NOT NULL DEFAULT 'default',
    "answers" JSONB NOT NULL DEFAULT '{}',
    "steps_taken_at" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "steps_taken" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "steps_unbroken" INTEGER NOT NULL DEFAULT 0,
    "withheld_at" TIMESTAMPTZ(3),
    "guard_reset_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flow_position_pkey" PRIMARY KEY ("tenant_id","thread_id")
);

-- CreateTable
CREATE TABLE "flow_edge_taken" (
    "tenant_id" UUID NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "version" INTEGER NOT NULL,
    "from_key" TEXT NOT NULL,
    "edge" TEXT NOT NULL,

    CONSTRAINT "flow_edge_taken_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "flow_edge_count" (
    "tenant_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "from_key" TEXT NOT NULL,
    "edge" TEXT NOT NULL,
    "taken" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "flow_edge_count_pkey" PRIMARY KEY ("tenant_id","version","from_key","edge")
);

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT,
    "events" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "status" TEXT NOT NULL DEFAULT 'enabled',
    "cursor" BIGINT NOT NULL,
    "skip_after" BIGINT,
    "skip_to" BIGINT,
    "succeeded_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "last_failed_at" TIMESTAMPTZ(3),
    "exhaustion_told_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "webhook_secret" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "secret_enc" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_secret_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "seq" BIGINT,
    "event_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "order_key" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3),
    "planned_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "last_status" INTEGER,
    "last_error" TEXT,
    "last_took_ms" INTEGER,
    "history" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE INDEX "flow_position_tenant_id_flow_version_idx" ON "flow_position"("tenant_id", "flow_version");

-- CreateIndex
CREATE INDEX "webhook_secret_tenant_id_endpoint_id_idx" ON "webhook_secret"("tenant_id", "endpoint_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_tenant_id_endpoint_id_created_at_id_idx" ON "webhook_delivery"("tenant_id", "endpoint_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_tenant_id_seq_endpoint_id_key" ON "webhook_delivery"("tenant_id", "seq", "endpoint_id");

-- AddForeignKey
ALTER TABLE "webhook_secret" ADD CONSTRAINT "webhook_secret_tenant_id_endpoint_id_fkey" FOREIGN KEY ("tenant_id", "endpoint_id") REFERENCES "webhook_endpoint"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_tenant_id_endpoint_id_fkey" FOREIGN KEY ("tenant_id", "endpoint_id") REFERENCES "webhook_endpoint"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "message" ADD COLUMN "template_key" TEXT, ADD COLUMN "variables" JSONB;

-- What Prisma's schema language cannot say.
-- What programs look their messages up by.
CREATE INDEX "message_of_step" ON "message" ("tenant_id", "template_key", "id") WHERE "template_key" IS NOT NULL;
CREATE INDEX "message_to" ON "message" ("tenant_id", "address", "id") WHERE "direction" = 'OUTBOUND';
-- The tenants' turns at the lanes of a kind, and each one's longest due (F54).
CREATE INDEX "lane_turn" ON "lane" ("kind", "tenant_id", "due_at") WHERE "lease_until" IS NULL;
ALTER TABLE "flow_template" ADD CONSTRAINT "flow_template_kind" CHECK ("kind" IN ('text', 'interactive_button', 'interactive_list', 'media', 'whatsapp_template'));
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_status" CHECK ("status" IN ('enabled', 'paused', 'disabled', 'removed'));
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_state" CHECK ("state" IN ('pending', 'sending', 'delivered', 'exhausted', 'cancelled'));
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_ping" CHECK (("seq" IS NULL) = ("type" = 'ping'));
-- The line of each conversation; those of its deliveries that may go, each at the head of its line, by line and by time; those on the wire; pings.
CREATE INDEX "webhook_delivery_line" ON "webhook_delivery" ("tenant_id", "endpoint_id", "order_key", "seq") WHERE "state" IN ('pending', 'sending');
CREATE INDEX "webhook_delivery_head" ON "webhook_delivery" ("tenant_id", "endpoint_id", "order_key") WHERE "state" = 'pending' AND "next_at" IS NOT NULL;
CREATE INDEX "webhook_delivery_due" ON "webhook_delivery" ("tenant_id", "endpoint_id", "next_at") WHERE "state" = 'pending' AND "next_at" IS NOT NULL;
CREATE INDEX "webhook_delivery_sending" ON "webhook_delivery" ("tenant_id", "endpoint_id", "order_key") WHERE "state" = 'sending';
CREATE INDEX "webhook_delivery_ping" ON "webhook_delivery" ("tenant_id", "endpoint_id") WHERE "state" = 'pending' AND "seq" IS NULL;
CREATE INDEX "webhook_delivery_over" ON "webhook_delivery" ("updated_at") WHERE "state" IN ('delivered', 'exhausted', 'cancelled');
CREATE INDEX "webhook_delivery_exhausted" ON "webhook_delivery" ("tenant_id", "endpoint_id", "created_at" DESC, "id" DESC) WHERE "state" = 'exhausted';

CALL secure_tenant_tables();

-- How many messages wait at each number, of all tenants, and since when: for whoever watches. Looks at every tenant in its own scope, also at
-- those whose lines rest: a number that cannot send has no lane. The caller's scope is back when it returns. One plan for all tenants, by index
-- whatever the statistics say of them on average: to plan anew for each would cost ten times what the look does.
CREATE FUNCTION messages_waiting() RETURNS TABLE (tenant_id uuid, phone_number_id text, state text, priority smallint, n bigint, since timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  before text := coalesce(current_setting('app.tenant_id', true), '');
  now_is timestamptz := business_now();
  tenants uuid[];
  one uuid;
BEGIN
  PERFORM set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
  tenants := ARRAY(SELECT id FROM tenant);
  FOREACH one IN ARRAY tenants LOOP
    PERFORM set_config('app.tenant_id', one::text, true);
    -- Each part rides a partial index (message_queued, message_unsettled); the states of both in one condition would ride none.
    RETURN QUERY
      SELECT one, m.phone_number_id, CASE WHEN m.next_at > now_is THEN 'later' ELSE 'queued' END, m.priority, count(*), min(m.next_at)
        FROM message m WHERE m.tenant_id = one AND m.state = 'queued' GROUP BY 2, 3, 4
      UNION ALL
      SELECT one, m.phone_number_id, m.state, m.priority, count(*), min(m.next_at)
        FROM message m WHERE m.tenant_id = one AND m.state IN ('sending', 'unknown') GROUP BY 2, 3, 4;
  END LOOP;
  PERFORM set_config('app.tenant_id', before, true);
END $$;

-- How each endpoint of every tenant stands, what waits for it, since when, and when it is due: numbers alone, for whoever watches. Looks as messages_waiting does;
-- the oldest that waits is among those at the heads of their lines, or on the wire.
CREATE FUNCTION webhooks_waiting() RETURNS TABLE (standing text, waiting bigint, oldest timestamptz, due_since timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  before text := coalesce(current_setting('app.tenant_id', true), '');
  tenants uuid[];
  one uuid;
BEGIN
  PERFORM set_config('app.tenant_id', '00000000-0000-0000-0000-000000000000', true);
  tenants := ARRAY(SELECT id FROM tenant WHERE status = 'active');
  FOREACH one IN ARRAY tenants LOOP
    PERFORM set_config('app.tenant_id', one::text, true);
    RETURN QUERY
      SELECT CASE WHEN w.status <> 'enabled' THEN w.status WHEN w.failing_since IS NULL THEN 'answering' ELSE 'failing' END,
        (SELECT count(*) FROM webhook_delivery d
          WHERE d.tenant_id = one AND d.endpoint_id = w.id AND d.state IN ('pending', 'sending')),
        least(
          (SELECT min(d.created_at) FROM webhook_delivery d
            WHERE d.tenant_id = one AND d.endpoint_id = w.id AND d.state = 'pending' AND d.next_at IS NOT NULL),
          (SELECT min(d.created_at) FROM webhook_delivery d
            WHERE d.tenant_id = one AND d.endpoint_id = w.id AND d.state = 'sending')),
        (SELECT min(d.next_at) FROM webhook_delivery d
          WHERE d.tenant_id = one AND d.endpoint_id = w.id AND d.state = 'pending' AND d.next_at IS NOT NULL)
      FROM webhook_endpoint w WHERE w.tenant_id = one AND w.status <> 'removed';
  END LOOP;
  PERFORM set_config('app.tenant_id', before, true);
END $$;

-- What became of events a month ago, of any tenant, so that one statement clears it.
CREATE POLICY expired ON "webhook_delivery"
  USING (acts_for_platform() AND state IN ('delivered', 'exhausted', 'cancelled') AND updated_at < business_now() - interval '30 days')
  WITH CHECK (acts_for_platform() AND state IN ('delivered', 'exhausted', 'cancelled') AND updated_at < business_now() - interval '30 days');

-- Places in flows of conversations that have rested for a month, of any tenant.
CREATE POLICY expired ON "flow_position" USING (acts_for_platform() AND updated_at < business_now() - interval '30 days')
  WITH CHECK (acts_for_platform() AND updated_at < business_now() - interval '30 days');

-- What was delivered or took effect a month ago, of any tenant. It is found by its place in the table, which is in the order of time.
CREATE POLICY expired ON "outbox_event" USING (acts_for_platform() AND state = 'delivered' AND occurred_at < business_now() - interval '30 days')
  WITH CHECK (acts_for_platform() AND state = 'delivered' AND occurred_at < business_now() - interval '30 days');
CREATE INDEX "outbox_event_occurred" ON "outbox_event" USING brin ("occurred_at");
CREATE INDEX "webhook_event_received" ON "webhook_event" USING brin ("received_at");
CREATE INDEX "webhook_inbox_received" ON "webhook_inbox" USING brin ("received_at");

-- Ways that were taken, of any tenant, so that one statement adds them to the counts.
CREATE POLICY platform ON "flow_edge_taken" USING (acts_for_platform()) WITH CHECK (acts_for_platform());
CREATE POLICY platform ON "flow_edge_count" USING (acts_for_platform()) WITH CHECK (acts_for_platform());
ALTER TABLE "flow_edge_taken" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
