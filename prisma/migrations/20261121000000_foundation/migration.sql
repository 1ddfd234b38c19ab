-- CreateTable
CREATE TABLE "thread" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "unread_count" INTEGER NOT NULL DEFAULT 0,
    "last_message_at" TIMESTAMPTZ(3) NOT NULL,
    "last_message_direction" TEXT NOT NULL,
    "last_message_preview" TEXT NOT NULL,
    "last_inbound_at" TIMESTAMPTZ(3),
    "automation_took_at" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "limit_notice_at" TIMESTAMPTZ(3),
    "merged_into_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "thread_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "session" (
    "tenant_id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'MAIN_MENU',
    "context" JSONB NOT NULL DEFAULT '{}',
    "last_active_at" TIMESTAMPTZ(3) NOT NULL,
    "menu_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_taps" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "hinted_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("tenant_id","thread_id")
);

-- CreateTable
CREATE TABLE "contact" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT,
    "profile_name" TEXT,
    "merged_into_id" UUID,
    "last_seen_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "contact_identity" (
    "tenant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_identity_pkey" PRIMARY KEY ("tenant_id","kind","value")
);

-- CreateTable
CREATE TABLE "whatsapp_account" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "waba_id" TEXT NOT NULL,
    "business_profile_id" TEXT,
    "provider" TEXT NOT NULL DEFAULT 'meta',
    "status" TEXT NOT NULL,
    "setup_status" TEXT NOT NULL,
    "access_token" BYTEA,
    "credential_version" INTEGER NOT NULL DEFAULT 1,
    "connected_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "whatsapp_account_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "phone_number" (
    "tenant_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "display_phone_number" TEXT NOT NULL,
    "verified_name" TEXT,
    "display_name" TEXT,
    "area_id" UUID,
    "purpose" TEXT NOT NULL DEFAULT 'default',
    "status" TEXT NOT NULL DEFAULT 'active',
    "paused_reason" TEXT,
    "quality_rating" TEXT,
    "throughput" INTEGER NOT NULL DEFAULT 80,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "phone_number_pkey" PRIMARY KEY ("tenant_id","phone_number_id")
);

-- CreateTable
CREATE TABLE "signup_token" (
    "tenant_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "access_token" BYTEA NOT NULL,
    "exchanged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "signup_token_pkey" PRIMARY KEY ("tenant_id","code")
);

-- CreateTable
CREATE TABLE "webhook_inbox" (
    "id" BIGSERIAL NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "sha256" BYTEA NOT NULL,
    "raw" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "webhook_inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_event" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "inbox_id" BIGINT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "waba_id" TEXT,
    "phone_number_id" TEXT,
    "natural_key" TEXT NOT NULL,
    "subject" TEXT,
    "provider_at" TIMESTAMPTZ(3),
    "payload" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "message" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "address_kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "thread_id" UUID,
    "type" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "category" TEXT,
    "priority" SMALLINT NOT NULL DEFAULT 0,
    "idempotency_key" TEXT,
    "state" TEXT NOT NULL,
    "wamid" TEXT,
    "context_wamid" TEXT,
    "statuses" JSONB NOT NULL DEFAULT '[]',
    "failure" JSONB,
    "attempt_no" INTEGER NOT NULL DEFAULT 0,
    "refusals" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "sent_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "send_attempt" (
    "tenant_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "attempt_no" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "wamid" TEXT,
    "error" JSONB,

    CONSTRAINT "send_attempt_pkey" PRIMARY KEY ("tenant_id","message_id","attempt_no")
);

-- CreateTable
CREATE TABLE "tenant_directory" (
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "tenant_id" UUID NOT NULL,

    CONSTRAINT "tenant_directory_pkey" PRIMARY KEY ("kind","key")
);

-- CreateTable
CREATE TABLE "lane_ring" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "tenant_id" UUID,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lane_ring_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lane" (
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "tenant_id" UUID,
    "due_at" TIMESTAMPTZ(3),
    "drain_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "deaths" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "lane_pkey" PRIMARY KEY ("kind","key")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "shard" SMALLINT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "outbox_delivery" (
    "tenant_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "reaction" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outbox_delivery_pkey" PRIMARY KEY ("tenant_id","event_id","reaction")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "status" INTEGER,
    "body" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "last_error" TEXT,
    "state" TEXT NOT NULL DEFAULT 'open',
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "note" TEXT,

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "business_clock" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "offset_ms" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "business_clock_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "timezone" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tenant_data_key" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kek_id" TEXT NOT NULL,
    "wrapped_key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenant_data_key_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "area" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "area_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "session_version" INTEGER NOT NULL DEFAULT 1,
    "last_login_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "user_area" (
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "area_id" UUID NOT NULL,

    CONSTRAINT "user_area_pkey" PRIMARY KEY ("tenant_id","user_id","area_id")
);

-- CreateTable
CREATE TABLE "refresh_token" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "family_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "action" TEXT NOT NULL,
    "subject_id" TEXT,
    "details" JSONB NOT NULL,
    "request_id" TEXT,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE INDEX "thread_tenant_id_last_message_at_id_idx" ON "thread"("tenant_id", "last_message_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "thread_tenant_id_phone_number_id_contact_id_key" ON "thread"("tenant_id", "phone_number_id", "contact_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "contact_identity_tenant_id_contact_id_idx" ON "contact_identity"("tenant_id", "contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "whatsapp_account_tenant_id_waba_id_key" ON "whatsapp_account"("tenant_id", "waba_id");

-- CreateIndex
CREATE INDEX "phone_number_tenant_id_account_id_idx" ON "phone_number"("tenant_id", "account_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_event_tenant_id_natural_key_key" ON "webhook_event"("tenant_id", "natural_key");

-- CreateIndex
CREATE INDEX "message_tenant_id_thread_id_seq_idx" ON "message"("tenant_id", "thread_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "message_tenant_id_phone_number_id_wamid_key" ON "message"("tenant_id", "phone_number_id", "wamid");

-- CreateIndex
CREATE INDEX "tenant_directory_tenant_id_idx" ON "tenant_directory"("tenant_id");

-- CreateIndex
CREATE INDEX "lane_ring_kind_due_at_idx" ON "lane_ring"("kind", "due_at");

-- CreateIndex
CREATE INDEX "lane_kind_due_at_idx" ON "lane"("kind", "due_at");

-- CreateIndex
CREATE INDEX "outbox_event_tenant_id_seq_idx" ON "outbox_event"("tenant_id", "seq");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE INDEX "dead_letter_tenant_id_state_last_at_idx" ON "dead_letter"("tenant_id", "state", "last_at");

-- CreateIndex
CREATE UNIQUE INDEX "dead_letter_tenant_id_kind_subject_id_key" ON "dead_letter"("tenant_id", "kind", "subject_id");

-- CreateIndex
CREATE INDEX "tenant_data_key_kek_id_idx" ON "tenant_data_key"("kek_id");

-- CreateIndex
CREATE UNIQUE INDEX "area_tenant_id_name_key" ON "area"("tenant_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_tenant_id_email_key" ON "app_user"("tenant_id", "email");

-- CreateIndex
CREATE INDEX "refresh_token_tenant_id_family_id_idx" ON "refresh_token"("tenant_id", "family_id");

-- CreateIndex
CREATE INDEX "refresh_token_tenant_id_user_id_idx" ON "refresh_token"("tenant_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_tenant_id_secret_hash_key" ON "api_key"("tenant_id", "secret_hash");

-- CreateIndex
CREATE INDEX "audit_entry_tenant_id_at_id_idx" ON "audit_entry"("tenant_id", "at", "id");

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_tenant_id_merged_into_id_fkey" FOREIGN KEY ("tenant_id", "merged_into_id") REFERENCES "contact"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_identity" ADD CONSTRAINT "contact_identity_tenant_id_contact_id_fkey" FOREIGN KEY ("tenant_id", "contact_id") REFERENCES "contact"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_number" ADD CONSTRAINT "phone_number_tenant_id_account_id_fkey" FOREIGN KEY ("tenant_id", "account_id") REFERENCES "whatsapp_account"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone_number" ADD CONSTRAINT "phone_number_tenant_id_area_id_fkey" FOREIGN KEY ("tenant_id", "area_id") REFERENCES "area"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "send_attempt" ADD CONSTRAINT "send_attempt_tenant_id_message_id_fkey" FOREIGN KEY ("tenant_id", "message_id") REFERENCES "message"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox_delivery" ADD CONSTRAINT "outbox_delivery_tenant_id_event_id_fkey" FOREIGN KEY ("tenant_id", "event_id") REFERENCES "outbox_event"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_area" ADD CONSTRAINT "user_area_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "app_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_area" ADD CONSTRAINT "user_area_tenant_id_area_id_fkey" FOREIGN KEY ("tenant_id", "area_id") REFERENCES "area"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "app_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The business clock: the wall clock plus the sandbox's offset (one row, zero in production).
INSERT INTO "business_clock" ("id", "offset_ms") VALUES (1, 0);

CREATE FUNCTION business_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
  RETURN now() + make_interval(secs => (SELECT offset_ms FROM public.business_clock WHERE id = 1) / 1000.0);

-- Row security. Every transaction names its tenant first (set_config('app.tenant_id', ..., true)); without one it sees nothing.
-- `nullif` because a setting that was local to an earlier transaction of the connection reads as ''.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;

-- Forces row security on each table that has a tenant_id and none yet. Each later migration that adds such a table calls it again.
CREATE PROCEDURE secure_tenant_tables() LANGUAGE plpgsql AS $$
DECLARE
  target regclass;
BEGIN
  FOR target IN
    SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT IN ('tenant_directory', 'lane', 'lane_ring')
      AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY own_rows ON %s USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', target);
  END LOOP;
END $$;

CALL secure_tenant_tables();

-- A tenant sees itself; the platform operator (the nil tenant) sees all tenants, all webhook events and all dead letters.
ALTER TABLE "tenant" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tenant" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_row ON "tenant" USING (id = current_tenant()) WITH CHECK (id = current_tenant());

CREATE FUNCTION acts_for_platform() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_tenant() = '00000000-0000-0000-0000-000000000000'::uuid;

CREATE POLICY platform ON "tenant" USING (acts_for_platform()) WITH CHECK (acts_for_platform());
CREATE POLICY platform ON "webhook_event" USING (acts_for_platform()) WITH CHECK (acts_for_platform());
CREATE POLICY platform ON "dead_letter" USING (acts_for_platform()) WITH CHECK (acts_for_platform());
-- Sessions of any tenant, once they are over, so that one statement clears them all.
CREATE POLICY expired ON "session" USING (acts_for_platform() AND expires_at < business_now())
  WITH CHECK (acts_for_platform() AND expires_at < business_now());
-- Stored answers of any tenant, once they are over, so that one statement prunes them all.
CREATE POLICY expired ON "idempotency_key" USING (acts_for_platform() AND created_at < now() - interval '7 days')
  WITH CHECK (acts_for_platform() AND created_at < now() - interval '7 days');

-- The names of the applied migrations, for the readiness check: the application's role may not touch Prisma's own table.
CREATE FUNCTION applied_migrations() RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  RETURN QUERY SELECT migration_name::text FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL;
END $$;

-- What Prisma's schema language cannot say.
CREATE UNIQUE INDEX "message_idempotency_key" ON "message" ("tenant_id", "idempotency_key") WHERE "idempotency_key" IS NOT NULL;
-- The outbound claim walks `message_queued`, and asks `message_in_line` whether an earlier message to the same customer is still in line.
-- `next_at` stands last so that messages of a later hour are passed over inside the index.
CREATE INDEX "message_queued" ON "message" ("tenant_id", "phone_number_id", "priority", "seq", "next_at") WHERE "state" = 'queued';
CREATE INDEX "message_expiring" ON "message" ("tenant_id", "phone_number_id", "expires_at") WHERE "state" = 'queued' AND "expires_at" IS NOT NULL;
CREATE INDEX "message_in_line" ON "message" ("tenant_id", "phone_number_id", "address", "priority", "seq") WHERE "state" IN ('queued', 'sending');
-- Lists of what needs a person, or was given up: few among many.
CREATE INDEX "message_astray" ON "message" ("tenant_id", "state", "id") WHERE "direction" = 'OUTBOUND' AND "state" IN ('failed', 'parked', 'cancelled', 'expired');
CREATE INDEX "message_unsettled" ON "message" ("tenant_id", "phone_number_id", "next_at") WHERE "state" IN ('sending', 'unknown');
CREATE INDEX "webhook_inbox_pending" ON "webhook_inbox" ("id") WHERE "state" = 'pending';
-- A webhook event is written twice, as pending and as done, so its indexes are partial: what is done costs two entries, its keys.
CREATE INDEX "webhook_event_message_lane" ON "webhook_event" ("tenant_id", "subject", "provider_at", "seq") WHERE "state" = 'pending' AND "kind" = 'message';
CREATE INDEX "webhook_event_status_lane" ON "webhook_event" ("tenant_id", "phone_number_id", "seq") WHERE "state" = 'pending' AND "kind" = 'status';
CREATE INDEX "webhook_event_orphan" ON "webhook_event" ("tenant_id", "phone_number_id", "subject") WHERE "state" = 'orphan';
CREATE INDEX "webhook_event_orphan_due" ON "webhook_event" ("tenant_id", "phone_number_id", "next_at") WHERE "state" = 'orphan';
CREATE INDEX "webhook_event_unsettled" ON "webhook_event" ("state", "tenant_id", "id") WHERE "state" IN ('unrouted', 'quarantined');
CREATE INDEX "webhook_event_change" ON "webhook_event" ("tenant_id", "field", "id") WHERE "kind" = 'change';
CREATE INDEX "outbox_event_pending" ON "outbox_event" ("tenant_id", "shard", "seq") WHERE "state" = 'pending';
CREATE INDEX "lane_idle" ON "lane" ("kind", "key") WHERE "due_at" IS NULL AND "lease_until" IS NULL;

-- Queue-like tables: dead entries pile up under a claim, so they are vacuumed early.
ALTER TABLE "lane_ring" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_threshold = 1000);
ALTER TABLE "lane" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
ALTER TABLE "webhook_inbox" SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE "message" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

ALTER TABLE "message" ADD CONSTRAINT "message_direction" CHECK ("direction" IN ('INBOUND', 'OUTBOUND'));
ALTER TABLE "message" ADD CONSTRAINT "message_state" CHECK ("state" IN
  ('queued', 'sending', 'accepted', 'sent', 'delivered', 'read', 'failed', 'unknown', 'parked', 'cancelled', 'expired', 'received'));
ALTER TABLE "webhook_event" ADD CONSTRAINT "webhook_event_state" CHECK ("state" IN ('pending', 'processed', 'orphan', 'unrouted', 'quarantined'));
