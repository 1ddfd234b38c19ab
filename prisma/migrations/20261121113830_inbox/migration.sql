-- AlterTable
ALTER TABLE "message" ADD COLUMN     "origin" TEXT NOT NULL DEFAULT 'api';

-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "bot_pause_minutes" INTEGER NOT NULL DEFAULT 60,
ADD COLUMN     "read_receipts" TEXT NOT NULL DEFAULT 'bot',
ADD COLUMN     "sales_assigned_only" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "thread" ADD COLUMN     "assignee_id" UUID,
ADD COLUMN     "bot_paused_at" TIMESTAMPTZ(3),
ADD COLUMN     "bot_paused_reason" TEXT,
ADD COLUMN     "bot_paused_until" TIMESTAMPTZ(3),
ADD COLUMN     "reference_link" TEXT,
ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'active',
ADD COLUMN     "type" TEXT;

-- CreateTable
CREATE TABLE "thread_participant" (
    "tenant_id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "thread_participant_pkey" PRIMARY KEY ("tenant_id","thread_id","user_id")
);

-- CreateTable
CREATE TABLE "note" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "author" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "note_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "label" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "color" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "label_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "thread_label" (
    "tenant_id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "label_id" UUID NOT NULL,

    CONSTRAINT "thread_label_pkey" PRIMARY KEY ("tenant_id","thread_id","label_id")
);

-- CreateTable
CREATE TABLE "canned_reply" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "shortcut" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "area_id" UUID,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "canned_reply_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "thread_mute" (
    "tenant_id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "muted_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "thread_mute_pkey" PRIMARY KEY ("tenant_id","thread_id","user_id")
);

-- CreateTable
CREATE TABLE "thread_viewer" (
    "tenant_id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "connection_id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "viewing_until" TIMESTAMPTZ(3) NOT NULL,
    "typing_until" TIMESTAMPTZ(3),

    CONSTRAINT "thread_viewer_pkey" PRIMARY KEY ("tenant_id","thread_id","connection_id")
);

-- CreateTable
CREATE TABLE "window_alert" (
    "tenant_id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "closes_at" TIMESTAMPTZ(3) NOT NULL,
    "severity" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "window_alert_pkey" PRIMARY KEY ("tenant_id","thread_id","closes_at","severity")
);

-- CreateTable
CREATE TABLE "type_rule" (
    "tenant_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "match" TEXT NOT NULL,
    "pattern" TEXT NOT NULL,
    "type" TEXT NOT NULL,

    CONSTRAINT "type_rule_pkey" PRIMARY KEY ("tenant_id","position")
);

-- CreateTable
CREATE TABLE "reply_rule" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "template_name" TEXT NOT NULL,
    "reply" TEXT NOT NULL,
    "send_template" TEXT NOT NULL,
    "send_language" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reply_rule_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "media" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "phone_number_id" TEXT,
    "message_id" UUID,
    "thread_id" UUID,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "filename" TEXT,
    "declared_type" TEXT,
    "mime_type" TEXT,
    "size" BIGINT,
    "expected_sha256" BYTEA,
    "sha256" BYTEA,
    "store_key" TEXT,
    "provider_media_id" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3),
    "failure" JSONB,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "stored_at" TIMESTAMPTZ(3),

    CONSTRAINT "media_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "media_use" (
    "tenant_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "media_id" UUID NOT NULL,

    CONSTRAINT "media_use_pkey" PRIMARY KEY ("tenant_id","message_id")
);

-- CreateTable
CREATE TABLE "media_copy" (
    "tenant_id" UUID NOT NULL,
    "media_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "provider_media_id" TEXT NOT NULL,
    "provider_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "media_copy_pkey" PRIMARY KEY ("tenant_id","media_id","phone_number_id")
);

-- CreateTable
CREATE TABLE "wa_template" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "provider_id" TEXT,
    "name" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "previous_category" TEXT,
    "status" TEXT NOT NULL,
    "quality" TEXT,
    "rejected_reason" TEXT,
    "parameter_format" TEXT NOT NULL,
    "components" JSONB NOT NULL,
    "told_at" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "synced_at" TIMESTAMPTZ(3),

    CONSTRAINT "wa_template_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "phone_health" (
    "tenant_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "quality_rating" TEXT,
    "status" TEXT,
    "throughput" TEXT,
    "messaging_tier" TEXT,
    "verdict" TEXT NOT NULL,
    "raw" JSONB NOT NULL,

    CONSTRAINT "phone_health_pkey" PRIMARY KEY ("tenant_id","phone_number_id","taken_at")
);

-- CreateTable
CREATE TABLE "call_record" (
    "tenant_id" UUID NOT NULL,
    "call_id" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "thread_id" UUID,
    "direction" TEXT NOT NULL,
    "address_kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "duration_s" INTEGER,
    "events" JSONB NOT NULL DEFAULT '[]',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "call_record_pkey" PRIMARY KEY ("tenant_id","call_id")
);

-- CreateTable
CREATE TABLE "history_sync" (
    "tenant_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "phase" INTEGER NOT NULL,
    "progress" INTEGER NOT NULL,
    "messages" INTEGER NOT NULL DEFAULT 0,
    "refusal" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "history_sync_pkey" PRIMARY KEY ("tenant_id","phone_number_id")
);

-- CreateTable
CREATE TABLE "marketing_preference" (
    "tenant_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "address_kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "choice" TEXT NOT NULL,
    "chosen_at" TIMESTAMPTZ(3) NOT NULL,
    "raw" JSONB NOT NULL,

    CONSTRAINT "marketing_preference_pkey" PRIMARY KEY ("tenant_id","phone_number_id","address_kind","address")
);

-- CreateTable
CREATE TABLE "account_alert" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "account_id" UUID,
    "phone_number_id" TEXT,
    "code" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "severity" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,

    CONSTRAINT "account_alert_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "billing_conversation" (
    "tenant_id" UUID NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "thread_id" UUID,
    "category" TEXT NOT NULL,
    "pricing_model" TEXT,
    "billable" BOOLEAN,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "conversation" JSONB NOT NULL,
    "pricing" JSONB,

    CONSTRAINT "billing_conversation_pkey" PRIMARY KEY ("tenant_id","conversation_id")
);

-- CreateTable
CREATE TABLE "message_charge" (
    "tenant_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "thread_id" UUID,
    "conversation_id" TEXT,
    "model" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "pricing_type" TEXT,
    "billable" BOOLEAN NOT NULL,
    "market" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "cost_micros" BIGINT,
    "currency" TEXT,
    "rate_card_id" UUID,
    "message_category" TEXT,
    "follower" TEXT,
    "subject_id" UUID,
    "pricing" JSONB NOT NULL,

    CONSTRAINT "message_charge_pkey" PRIMARY KEY ("tenant_id","message_id")
);

-- CreateTable
CREATE TABLE "rate_card" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "market" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "pricing_type" TEXT NOT NULL DEFAULT 'regular',
    "free_monthly" INTEGER NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,
    "cost_micros" BIGINT NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_card_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "tenant_event" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "position" BIGSERIAL NOT NULL,
    "seq" BIGINT,
    "name" TEXT NOT NULL,
    "phone_number_id" TEXT,
    "thread_id" UUID,
    "user_id" UUID,
    "actor" TEXT,
    "payload" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenant_event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "tenant_event_head" (
    "tenant_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "tenant_event_head_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateIndex
CREATE INDEX "thread_participant_tenant_id_user_id_thread_id_idx" ON "thread_participant"("tenant_id", "user_id", "thread_id");

-- CreateIndex
CREATE INDEX "note_tenant_id_thread_id_id_idx" ON "note"("tenant_id", "thread_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "label_tenant_id_name_key" ON "label"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "thread_label_tenant_id_label_id_thread_id_idx" ON "thread_label"("tenant_id", "label_id", "thread_id");

-- CreateIndex
CREATE UNIQUE INDEX "canned_reply_tenant_id_shortcut_key" ON "canned_reply"("tenant_id", "shortcut");

-- CreateIndex
CREATE INDEX "thread_mute_tenant_id_user_id_idx" ON "thread_mute"("tenant_id", "user_id");

-- CreateIndex
CREATE INDEX "thread_viewer_tenant_id_connection_id_idx" ON "thread_viewer"("tenant_id", "connection_id");

-- CreateIndex
CREATE INDEX "thread_viewer_viewing_until_idx" ON "thread_viewer"("viewing_until");

-- CreateIndex
CREATE UNIQUE INDEX "reply_rule_tenant_id_template_name_reply_key" ON "reply_rule"("tenant_id", "template_name", "reply");

-- CreateIndex
CREATE INDEX "media_tenant_id_message_id_idx" ON "media"("tenant_id", "message_id");

-- CreateIndex
CREATE INDEX "media_use_tenant_id_media_id_idx" ON "media_use"("tenant_id", "media_id");

-- CreateIndex
CREATE UNIQUE INDEX "wa_template_tenant_id_account_id_name_language_key" ON "wa_template"("tenant_id", "account_id", "name", "language");

-- CreateIndex
CREATE INDEX "call_record_tenant_id_thread_id_idx" ON "call_record"("tenant_id", "thread_id");

-- CreateIndex
CREATE INDEX "billing_conversation_tenant_id_first_seen_at_idx" ON "billing_conversation"("tenant_id", "first_seen_at");

-- CreateIndex
CREATE INDEX "billing_conversation_tenant_id_thread_id_idx" ON "billing_conversation"("tenant_id", "thread_id");

-- CreateIndex
CREATE INDEX "message_charge_tenant_id_at_idx" ON "message_charge"("tenant_id", "at");

-- CreateIndex
CREATE INDEX "message_charge_tenant_id_conversation_id_idx" ON "message_charge"("tenant_id", "conversation_id");

-- CreateIndex
CREATE UNIQUE INDEX "rate_card_tenant_id_model_market_category_pricing_type_effe_key" ON "rate_card"("tenant_id", "model", "market", "category", "pricing_type", "effective_from");

-- CreateIndex
CREATE INDEX "tenant_event_occurred_at_idx" ON "tenant_event"("occurred_at");

-- CreateIndex
CREATE UNIQUE INDEX "tenant_event_tenant_id_seq_key" ON "tenant_event"("tenant_id", "seq");

-- DropIndex
DROP INDEX "thread_tenant_id_last_message_at_id_idx";

-- DropIndex
DROP INDEX "message_tenant_id_thread_id_seq_idx";

-- CreateIndex
CREATE INDEX "message_tenant_id_thread_id_seq_created_at_idx" ON "message"("tenant_id", "thread_id", "seq", "created_at");

-- CreateIndex
CREATE INDEX "thread_tenant_id_contact_id_idx" ON "thread"("tenant_id", "contact_id");

-- AddForeignKey
ALTER TABLE "thread_participant" ADD CONSTRAINT "thread_participant_tenant_id_thread_id_fkey" FOREIGN KEY ("tenant_id", "thread_id") REFERENCES "thread"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_tenant_id_thread_id_fkey" FOREIGN KEY ("tenant_id", "thread_id") REFERENCES "thread"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "thread_label" ADD CONSTRAINT "thread_label_tenant_id_thread_id_fkey" FOREIGN KEY ("tenant_id", "thread_id") REFERENCES "thread"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "thread_label" ADD CONSTRAINT "thread_label_tenant_id_label_id_fkey" FOREIGN KEY ("tenant_id", "label_id") REFERENCES "label"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "thread_mute" ADD CONSTRAINT "thread_mute_tenant_id_thread_id_fkey" FOREIGN KEY ("tenant_id", "thread_id") REFERENCES "thread"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "thread_viewer" ADD CONSTRAINT "thread_viewer_tenant_id_thread_id_fkey" FOREIGN KEY ("tenant_id", "thread_id") REFERENCES "thread"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "window_alert" ADD CONSTRAINT "window_alert_tenant_id_thread_id_fkey" FOREIGN KEY ("tenant_id", "thread_id") REFERENCES "thread"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CALL secure_tenant_tables();

-- Everybody reads the installation's rate cards, and the platform alone writes them.
CREATE POLICY of_the_installation ON "rate_card" FOR SELECT USING (tenant_id = '00000000-0000-0000-0000-000000000000'::uuid);
-- Events of any tenant that nobody asks for any more, and viewers whose connection died, so that one statement clears them all.
CREATE POLICY expired ON "tenant_event" USING (acts_for_platform() AND occurred_at < business_now() - interval '30 days')
  WITH CHECK (acts_for_platform() AND occurred_at < business_now() - interval '30 days');
CREATE POLICY expired ON "phone_health" USING (acts_for_platform() AND taken_at < business_now() - interval '90 days')
  WITH CHECK (acts_for_platform() AND taken_at < business_now() - interval '90 days');
CREATE POLICY expired ON "thread_viewer" USING (acts_for_platform() AND viewing_until < now())
  WITH CHECK (acts_for_platform() AND viewing_until < now());
-- How far the logs of the tenants reach whose sockets a process holds, in one statement a second; a number says nothing of what it counts.
CREATE POLICY reach ON "tenant_event_head" FOR SELECT USING (acts_for_platform());

-- Search: what was said, and who said it. A column, because under row security an index condition must be a plain column and a leakproof
-- operator; the extension's set-up makes ILIKE one (docs/decisions/0005). Names of templates are nobody's words. The tenant stands in the
-- indexes, so that what a search costs follows the tenant's messages and not the installation's.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
ALTER TABLE "message" ADD COLUMN "said" TEXT GENERATED ALWAYS AS (CASE WHEN "type" <> 'template' THEN nullif(left(coalesce(
  "content" ->> 'text', CASE WHEN jsonb_typeof("content" -> 'body') = 'string' THEN "content" ->> 'body' END,
  "content" ->> 'title', "content" ->> 'caption', "content" ->> 'filename', "content" ->> 'name'), 1000), '') END) STORED;
-- Nobody can search for less than three characters.
CREATE INDEX "message_said" ON "message" USING gin ("tenant_id", "said" gin_trgm_ops) WHERE length("said") > 2;
CREATE INDEX "contact_name_search" ON "contact" USING gin ("tenant_id", "name" gin_trgm_ops) WHERE "name" IS NOT NULL;
CREATE INDEX "contact_profile_name_search" ON "contact" USING gin ("tenant_id", "profile_name" gin_trgm_ops) WHERE "profile_name" IS NOT NULL;
CREATE INDEX "contact_identity_search" ON "contact_identity" USING gin ("tenant_id", "value" gin_trgm_ops) WHERE "kind" IN ('phone', 'username');

-- Lists: what is equal stands first and the list's order last, so that a walk begins where its page begins, and a count reads the index alone.
CREATE INDEX "thread_listed" ON "thread" ("tenant_id", "status", "last_message_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL;
CREATE INDEX "thread_of_number" ON "thread" ("tenant_id", "phone_number_id", "status", "last_message_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL;
CREATE INDEX "thread_of_assignee" ON "thread" ("tenant_id", "assignee_id", "phone_number_id", "status", "last_message_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL;
-- Counts: few keys for many rows, so that B-tree keeps a row in the size of its place.
CREATE INDEX "thread_counted" ON "thread" ("tenant_id", "status", "phone_number_id") WHERE "merged_into_id" IS NULL;
-- Lists of few among many.
CREATE INDEX "thread_unread" ON "thread" ("tenant_id", "phone_number_id", "status", "last_message_at" DESC, "id" DESC) WHERE "unread_count" > 0 AND "merged_into_id" IS NULL;
CREATE INDEX "thread_owner" ON "thread" ("tenant_id", "phone_number_id", "status", "last_message_at" DESC, "id" DESC) WHERE "type" = 'owner' AND "merged_into_id" IS NULL;
CREATE INDEX "thread_window" ON "thread" ("tenant_id", "last_inbound_at") WHERE "last_inbound_at" IS NOT NULL AND "merged_into_id" IS NULL;
CREATE INDEX "thread_merged" ON "thread" ("tenant_id", "merged_into_id") WHERE "merged_into_id" IS NOT NULL;
CREATE INDEX "message_reaction" ON "message" ("tenant_id", "thread_id", "seq") WHERE "type" = 'reaction';

-- What is not numbered yet, in the order in which it is numbered.
CREATE INDEX "tenant_event_unnumbered" ON "tenant_event" ("tenant_id", "position") WHERE "seq" IS NULL;
CREATE INDEX "media_pending" ON "media" ("tenant_id", "phone_number_id", "next_at") WHERE "state" = 'pending';
CREATE UNIQUE INDEX "media_inbound" ON "media" ("tenant_id", "message_id") WHERE "source" = 'inbound';
-- The same bytes are kept once.
CREATE INDEX "media_same_bytes" ON "media" ("tenant_id", "sha256") WHERE "source" = 'upload';
-- Changes wait in lanes like messages and statuses do: of one number or account, in order of arrival.
CREATE INDEX "webhook_event_change_lane" ON "webhook_event" ("tenant_id", (coalesce("phone_number_id", "waba_id")), "seq") WHERE "state" = 'pending' AND "kind" = 'change';
-- One open alert of a kind about one thing; what happens again brings it up to date.
CREATE UNIQUE INDEX "account_alert_open" ON "account_alert" ("tenant_id", "code", "account_id", "phone_number_id", "subject") NULLS NOT DISTINCT WHERE "acknowledged_at" IS NULL;

-- Counts read indexes alone where the table's pages are known to be visible to all, and that is what a vacuum writes down.
ALTER TABLE "thread" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
ALTER TABLE "tenant_event" SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE "thread_viewer" SET (fillfactor = 70, autovacuum_vacuum_threshold = 200);

ALTER TABLE "tenant" ADD CONSTRAINT "tenant_read_receipts" CHECK ("read_receipts" IN ('bot', 'always', 'never'));
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_bot_pause" CHECK ("bot_pause_minutes" BETWEEN 0 AND 10080);
ALTER TABLE "thread" ADD CONSTRAINT "thread_type" CHECK ("type" IN ('owner', 'guest'));
ALTER TABLE "thread" ADD CONSTRAINT "thread_status" CHECK ("status" IN ('active', 'archived', 'blocked'));
ALTER TABLE "thread" ADD CONSTRAINT "thread_bot_pause" CHECK ("bot_paused_reason" IN ('person', 'flow', 'loop')
  AND num_nonnulls("bot_paused_reason", "bot_paused_at") <> 1 AND ("bot_paused_until" IS NULL OR "bot_paused_at" IS NOT NULL));
ALTER TABLE "thread" ADD CONSTRAINT "thread_unread_not_negative" CHECK ("unread_count" >= 0);
ALTER TABLE "message" ADD CONSTRAINT "message_origin" CHECK ("origin" IN ('api', 'app', 'history'));
ALTER TABLE "window_alert" ADD CONSTRAINT "window_alert_severity" CHECK ("severity" IN ('urgent', 'critical'));
ALTER TABLE "type_rule" ADD CONSTRAINT "type_rule_match" CHECK ("match" IN ('contains', 'starts_with', 'equals'));
ALTER TABLE "type_rule" ADD CONSTRAINT "type_rule_type" CHECK ("type" IN ('owner', 'guest'));
ALTER TABLE "media" ADD CONSTRAINT "media_source" CHECK ("source" IN ('inbound', 'upload'));
ALTER TABLE "media" ADD CONSTRAINT "media_state" CHECK ("state" IN ('pending', 'stored', 'failed'));
ALTER TABLE "media" ADD CONSTRAINT "media_stored" CHECK ("state" IN ('pending', 'failed') OR ("store_key" IS NOT NULL AND "sha256" IS NOT NULL AND "size" IS NOT NULL));
ALTER TABLE "wa_template" ADD CONSTRAINT "wa_template_format" CHECK ("parameter_format" IN ('positional', 'named'));
ALTER TABLE "phone_health" ADD CONSTRAINT "phone_health_verdict" CHECK ("verdict" IN ('good', 'warning', 'danger', 'unknown'));
ALTER TABLE "marketing_preference" ADD CONSTRAINT "marketing_preference_choice" CHECK ("choice" IN ('stop', 'resume'));
ALTER TABLE "account_alert" ADD CONSTRAINT "account_alert_severity" CHECK ("severity" IN ('info', 'warning', 'danger'));
ALTER TABLE "rate_card" ADD CONSTRAINT "rate_card_model" CHECK ("model" IN ('CBP', 'PMP'));
