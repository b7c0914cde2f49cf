CREATE TABLE "loyalty_settings" (
	"business_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"inactivity_days" bigint NOT NULL,
	"undo_limit_ms" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "loyalty_clock_days" (
	"business_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"day" text COLLATE "C" NOT NULL
);

--> statement-breakpoint
CREATE TABLE "card_templates" (
	"id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"goals" text COLLATE "C" NOT NULL,
	"stamping" text COLLATE "C" NOT NULL,
	"after_last_goal" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "card_templates_id_version_pk" PRIMARY KEY("id","version")
);

--> statement-breakpoint
CREATE TABLE "voucher_templates" (
	"id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"description" text COLLATE "C",
	"redeem_code" text COLLATE "C",
	"formats" text COLLATE "C" NOT NULL,
	"validity" text COLLATE "C" NOT NULL,
	"redemption" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "voucher_templates_id_version_pk" PRIMARY KEY("id","version")
);

--> statement-breakpoint
CREATE TABLE "stamps" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	"card_id" text COLLATE "C" NOT NULL,
	"count" bigint NOT NULL,
	"amount" bigint,
	"carried_change" bigint NOT NULL,
	"currency" text COLLATE "C",
	"receipt_id" text COLLATE "C",
	"source" text COLLATE "C" NOT NULL,
	"staff_id" text COLLATE "C",
	"location_id" text COLLATE "C",
	"at" bigint NOT NULL,
	"undone_at" bigint
);

--> statement-breakpoint
CREATE TABLE "rewards" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	"card_id" text COLLATE "C" NOT NULL,
	"stamp_id" text COLLATE "C" NOT NULL,
	"goal_index" bigint NOT NULL,
	"stamps_total" bigint NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"voucher_id" text COLLATE "C",
	"at" bigint NOT NULL,
	"taken_back_at" bigint
);

--> statement-breakpoint
CREATE TABLE "draws" (
	"reward_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	"card_id" text COLLATE "C" NOT NULL,
	"template_id" text COLLATE "C" NOT NULL,
	"template_version" bigint NOT NULL,
	"random" text COLLATE "C" NOT NULL,
	"seed" text COLLATE "C" NOT NULL,
	"variant_index" bigint NOT NULL,
	"result" text COLLATE "C" NOT NULL,
	"voucher_id" text COLLATE "C",
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "redemptions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	"voucher_id" text COLLATE "C" NOT NULL,
	"via" text COLLATE "C" NOT NULL,
	"staff_id" text COLLATE "C",
	"location_id" text COLLATE "C",
	"receipt_id" text COLLATE "C",
	"at" bigint NOT NULL,
	"undone_at" bigint
);

--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "template_id" text;
--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "template_version" bigint;
--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "goal_rewards" text;
--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "stamps_total" bigint;
--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "carried_amount" bigint;
--> statement-breakpoint
ALTER TABLE "vouchers" ADD COLUMN "template_id" text;
--> statement-breakpoint
ALTER TABLE "vouchers" ADD COLUMN "redemption" text;
--> statement-breakpoint
CREATE INDEX "card_templates_of_business" ON "card_templates" USING btree ("business_id");
--> statement-breakpoint
CREATE INDEX "voucher_templates_of_business" ON "voucher_templates" USING btree ("business_id");
--> statement-breakpoint
CREATE INDEX "stamps_of_card" ON "stamps" USING btree ("card_id","at");
--> statement-breakpoint
CREATE INDEX "stamps_of_receipt" ON "stamps" USING btree ("business_id","receipt_id") WHERE receipt_id is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "stamps_receipt_once" ON "stamps" USING btree ("business_id","receipt_id") WHERE receipt_id is not null and undone_at is null;
--> statement-breakpoint
CREATE INDEX "rewards_of_card" ON "rewards" USING btree ("card_id","stamps_total");
--> statement-breakpoint
CREATE INDEX "redemptions_of_customer" ON "redemptions" USING btree ("customer_id","at");
--> statement-breakpoint
CREATE UNIQUE INDEX "redemptions_once" ON "redemptions" USING btree ("voucher_id") WHERE undone_at is null;
--> statement-breakpoint
CREATE INDEX "customers_birthday" ON "customers" USING btree ("business_id","birthday") WHERE birthday is not null;
--> statement-breakpoint
CREATE INDEX "cards_own_used" ON "cards" USING btree ("business_id","touched_at") WHERE master = 'own';
--> statement-breakpoint
CREATE INDEX "vouchers_own_open" ON "vouchers" USING btree ("expires_at") WHERE master = 'own' and state in ('issued', 'active');
