-- AlterTable
ALTER TABLE "message" ADD COLUMN     "follower" TEXT,
ADD COLUMN     "subject_id" UUID;

-- CreateTable
CREATE TABLE "customer" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "reference" TEXT,
    "language" TEXT,
    "timezone" TEXT,
    "payment_term_id" UUID,
    "currency" TEXT NOT NULL,
    "balance_minor" BIGINT NOT NULL DEFAULT 0,
    "credit_minor" BIGINT NOT NULL DEFAULT 0,
    "feedback" TEXT,
    "last_interaction_at" TIMESTAMPTZ(3),
    "last_reminder_at" TIMESTAMPTZ(3),
    "opted_out_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "payment_term" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "due_in_days" INTEGER,
    "reminder_offsets" INTEGER[],
    "overdue_steps" INTEGER[],
    "send_at" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_term_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "due" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "paid_minor" BIGINT NOT NULL DEFAULT 0,
    "written_off_minor" BIGINT NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,
    "due_date" DATE NOT NULL,
    "description" TEXT,
    "reference" TEXT,
    "payment_term_id" UUID,
    "settled_at" TIMESTAMPTZ(3),
    "reminder_paused_until" TIMESTAMPTZ(3),
    "commitment_status" TEXT,
    "expected_payment_date" DATE,
    "import_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "due_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "type" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "balance_after_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "due_id" UUID,
    "method" TEXT,
    "reference" TEXT,
    "description" TEXT,
    "reverses_id" UUID,
    "recorded_by" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "payment_allocation" (
    "tenant_id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "due_id" UUID NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "payment_allocation_pkey" PRIMARY KEY ("tenant_id","entry_id","due_id")
);

-- CreateTable
CREATE TABLE "consent_event" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "wamid" TEXT,
    "said" TEXT,
    "actor_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "contact_policy" (
    "tenant_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "allowed_from" TEXT NOT NULL,
    "allowed_until" TEXT NOT NULL,
    "weekdays" INTEGER[],
    "holidays" DATE[],
    "max_per_day" INTEGER,
    "late_after_minutes" INTEGER NOT NULL,
    "later_answer_replaces" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_policy_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "reminder" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "due_id" UUID,
    "kind" TEXT NOT NULL,
    "stage" TEXT,
    "step" INTEGER NOT NULL DEFAULT 0,
    "local_date" DATE NOT NULL,
    "planned_for" TIMESTAMPTZ(3) NOT NULL,
    "scheduled_for" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "source" TEXT NOT NULL,
    "message" TEXT,
    "template_name" TEXT,
    "template_language" TEXT,
    "template_variables" JSONB,
    "message_id" UUID,
    "queued_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reminder_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "reminder_decision" (
    "tenant_id" UUID NOT NULL,
    "reminder_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "occasion" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "reason" TEXT,
    "next_at" TIMESTAMPTZ(3),
    "policy_version" INTEGER NOT NULL,
    "facts" JSONB NOT NULL,

    CONSTRAINT "reminder_decision_pkey" PRIMARY KEY ("tenant_id","reminder_id","id")
);

-- CreateTable
CREATE TABLE "commitment" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "due_id" UUID NOT NULL,
    "answer" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "paid_minor" BIGINT NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,
    "owed_minor" BIGINT NOT NULL,
    "paid_before_minor" BIGINT NOT NULL DEFAULT 0,
    "promised_for" DATE NOT NULL,
    "judged_at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "wamid" TEXT,
    "said" TEXT,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "commitment_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "reminder_template" (
    "tenant_id" UUID NOT NULL,
    "slot" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT,
    "positional" TEXT[],
    "replies" TEXT[],
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reminder_template_pkey" PRIMARY KEY ("tenant_id","slot")
);

-- CreateTable
CREATE TABLE "overdue_scan" (
    "tenant_id" UUID NOT NULL,
    "zone" TEXT NOT NULL,
    "scanned_on" DATE NOT NULL,

    CONSTRAINT "overdue_scan_pkey" PRIMARY KEY ("tenant_id","zone")
);

-- CreateIndex
CREATE UNIQUE INDEX "customer_tenant_id_reference_key" ON "customer"("tenant_id", "reference");

-- CreateIndex
CREATE INDEX "customer_tenant_id_timezone_idx" ON "customer"("tenant_id", "timezone");

-- CreateIndex
CREATE UNIQUE INDEX "payment_term_tenant_id_name_key" ON "payment_term"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "due_tenant_id_customer_id_due_date_id_idx" ON "due"("tenant_id", "customer_id", "due_date", "id");

-- CreateIndex
CREATE INDEX "due_tenant_id_due_date_id_idx" ON "due"("tenant_id", "due_date", "id");

-- CreateIndex
CREATE INDEX "ledger_entry_tenant_id_customer_id_seq_idx" ON "ledger_entry"("tenant_id", "customer_id", "seq");

-- CreateIndex
CREATE INDEX "payment_allocation_tenant_id_due_id_idx" ON "payment_allocation"("tenant_id", "due_id");

-- CreateIndex
CREATE INDEX "consent_event_tenant_id_customer_id_id_idx" ON "consent_event"("tenant_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "reminder_tenant_id_due_id_idx" ON "reminder"("tenant_id", "due_id");

-- CreateIndex
CREATE INDEX "reminder_tenant_id_customer_id_id_idx" ON "reminder"("tenant_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "commitment_tenant_id_customer_id_id_idx" ON "commitment"("tenant_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "commitment_tenant_id_due_id_idx" ON "commitment"("tenant_id", "due_id");

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_tenant_id_id_fkey" FOREIGN KEY ("tenant_id", "id") REFERENCES "contact"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_tenant_id_payment_term_id_fkey" FOREIGN KEY ("tenant_id", "payment_term_id") REFERENCES "payment_term"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "due" ADD CONSTRAINT "due_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "due" ADD CONSTRAINT "due_tenant_id_payment_term_id_fkey" FOREIGN KEY ("tenant_id", "payment_term_id") REFERENCES "payment_term"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_tenant_id_customer_id_fkey" FOREIGN KEY ("tenant_id", "customer_id") REFERENCES "customer"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_tenant_id_due_id_fkey" FOREIGN KEY ("tenant_id", "due_id") REFERENCES "due"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_allocation" ADD CONSTRAINT "payment_allocation_tenant_id_entry_id_fkey" FOREIGN KEY ("tenant_id", "entry_id") REFERENCES "ledger_entry"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_allocation" ADD CONSTRAINT "payment_allocation_tenant_id_due_id_fkey" FOREIGN KEY ("tenant_id", "due_id") REFERENCES "due"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reminder" ADD CONSTRAINT "reminder_tenant_id_due_id_fkey" FOREIGN KEY ("tenant_id", "due_id") REFERENCES "due"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "commitment" ADD CONSTRAINT "commitment_tenant_id_due_id_fkey" FOREIGN KEY ("tenant_id", "due_id") REFERENCES "due"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CALL secure_tenant_tables();

-- The platform's tick rings merchants whose reminders are overdue for a look; of the rest it sees nothing.
CREATE POLICY due ON "reminder" FOR SELECT USING (acts_for_platform() AND status IN ('pending', 'rescheduled') AND scheduled_for < business_now());

-- What Prisma's schema language cannot say.
-- The sweep walks this index; a reminder that was decided on leaves it.
CREATE INDEX "reminder_due" ON "reminder" ("tenant_id", "scheduled_for", "id") WHERE "status" IN ('pending', 'rescheduled');
-- What is on its way, by when it was handed over: its messages are asked about when that is long ago.
CREATE INDEX "reminder_queued" ON "reminder" ("tenant_id", "queued_at", "id") WHERE "status" = 'queued';
-- An occurrence exists once (S0.24, S0.79). What was replanned away may be planned again; what a person cancelled may not.
CREATE UNIQUE INDEX "reminder_occurrence" ON "reminder" ("tenant_id", "due_id", "stage", "step", "local_date")
  WHERE "due_id" IS NOT NULL AND "stage" IS NOT NULL AND "reason" IS DISTINCT FROM 'REPLANNED';
CREATE INDEX "due_open" ON "due" ("tenant_id", "due_date", "id") WHERE "settled_at" IS NULL;
CREATE UNIQUE INDEX "due_reference" ON "due" ("tenant_id", "customer_id", "reference") WHERE "reference" IS NOT NULL;
CREATE UNIQUE INDEX "ledger_entry_reference" ON "ledger_entry" ("tenant_id", "customer_id", "type", "reference") WHERE "reference" IS NOT NULL AND "type" = 'PAYMENT';
-- A payment is taken back once.
CREATE UNIQUE INDEX "ledger_entry_reverses" ON "ledger_entry" ("tenant_id", "reverses_id") WHERE "reverses_id" IS NOT NULL;
CREATE UNIQUE INDEX "payment_term_default" ON "payment_term" ("tenant_id") WHERE "is_default";
-- Of one due, at most one promise is open.
CREATE UNIQUE INDEX "commitment_open" ON "commitment" ("tenant_id", "due_id") WHERE "state" = 'open';
CREATE INDEX "commitment_to_judge" ON "commitment" ("tenant_id", "judged_at") WHERE "state" = 'open';

-- A due reminder is written three times within a minute: room for it on its page, and its dead versions go early.
ALTER TABLE "reminder" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

ALTER TABLE "due" ADD CONSTRAINT "due_amounts" CHECK
  ("amount_minor" >= 0 AND "paid_minor" >= 0 AND "written_off_minor" >= 0 AND "paid_minor" + "written_off_minor" <= "amount_minor");
ALTER TABLE "customer" ADD CONSTRAINT "customer_credit" CHECK ("credit_minor" >= 0);
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_type" CHECK ("type" IN ('DUE_ADDED', 'PAYMENT', 'WRITE_OFF', 'CORRECTION'));
ALTER TABLE "reminder" ADD CONSTRAINT "reminder_status" CHECK
  ("status" IN ('pending', 'rescheduled', 'queued', 'sent', 'failed', 'cancelled', 'expired'));
ALTER TABLE "commitment" ADD CONSTRAINT "commitment_state" CHECK
  ("state" IN ('open', 'kept', 'part_kept', 'broken', 'superseded', 'withdrawn'));

-- A merchant who came after the last ANALYZE is in no list of common values: the planner would expect one row of theirs, and take any
-- index that begins with tenant_id for as good as the one that holds the key. Without statistics it expects a two-hundredth of the table.
ALTER TABLE "contact" ALTER COLUMN "tenant_id" SET STATISTICS 0;
ALTER TABLE "contact_identity" ALTER COLUMN "tenant_id" SET STATISTICS 0;
ALTER TABLE "customer" ALTER COLUMN "tenant_id" SET STATISTICS 0;
ALTER TABLE "due" ALTER COLUMN "tenant_id" SET STATISTICS 0;
ALTER TABLE "ledger_entry" ALTER COLUMN "tenant_id" SET STATISTICS 0;
ALTER TABLE "payment_allocation" ALTER COLUMN "tenant_id" SET STATISTICS 0;
ALTER TABLE "reminder" ALTER COLUMN "tenant_id" SET STATISTICS 0;
