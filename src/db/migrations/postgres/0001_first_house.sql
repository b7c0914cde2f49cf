CREATE TABLE "leases" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"owner" text COLLATE "C" NOT NULL,
	"until" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "installation" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" text COLLATE "C" NOT NULL
);

--> statement-breakpoint
CREATE TABLE "businesses" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"language" text COLLATE "C" NOT NULL,
	"time_zone" text COLLATE "C" NOT NULL,
	"currency" text COLLATE "C" NOT NULL,
	"logo" text COLLATE "C",
	"color" text COLLATE "C" NOT NULL,
	"contact" text COLLATE "C",
	"privacy_url" text COLLATE "C",
	"card_link" text COLLATE "C",
	"external_id" text COLLATE "C",
	"parent_id" text COLLATE "C",
	"webhook_token_hash" text COLLATE "C",
	"webhook_secret" text COLLATE "C",
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "locations" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C",
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"root_id" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C",
	"name" text COLLATE "C" NOT NULL,
	"origin" text COLLATE "C" NOT NULL,
	"occurred_at" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"shard" bigint NOT NULL,
	"attempts" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"has_weak_key" boolean NOT NULL,
	"content_hash" text COLLATE "C",
	"reason" text COLLATE "C",
	"body" "bytea"
);

--> statement-breakpoint
CREATE TABLE "silences" (
	"business_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"silent_since" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "customers" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"wallet_pass_id" text COLLATE "C",
	"name" text COLLATE "C",
	"phone" text COLLATE "C",
	"email" text COLLATE "C",
	"birthday" text COLLATE "C",
	"language" text COLLATE "C",
	"profile_times" text COLLATE "C" NOT NULL,
	"is_demo" boolean NOT NULL,
	"erased_at" bigint,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "cards" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"master" text COLLATE "C" NOT NULL,
	"template_external_id" text COLLATE "C",
	"title" text COLLATE "C",
	"stamps_goal" bigint,
	"goals" text COLLATE "C" NOT NULL,
	"goal_index" bigint,
	"platform" text COLLATE "C",
	"fact_times" text COLLATE "C" NOT NULL,
	"stamps" bigint,
	"counts_at" bigint NOT NULL,
	"increments" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"touched_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "vouchers" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"master" text COLLATE "C" NOT NULL,
	"number" text COLLATE "C" NOT NULL,
	"card_id" text COLLATE "C",
	"title" text COLLATE "C",
	"description" text COLLATE "C",
	"redeem_code" text COLLATE "C",
	"redeem_code_formats" text COLLATE "C" NOT NULL,
	"expires_at" bigint,
	"redeemed_via" text COLLATE "C",
	"fact_times" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"state_at" bigint NOT NULL,
	"issued_at" bigint,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "consents" (
	"customer_id" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"class" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"changed_at" bigint NOT NULL,
	CONSTRAINT "consents_customer_id_channel_class_pk" PRIMARY KEY("customer_id","channel","class")
);

--> statement-breakpoint
CREATE TABLE "consent_log" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"class" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"source" text COLLATE "C" NOT NULL,
	"text_version" text COLLATE "C",
	"language" text COLLATE "C",
	"at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"source" text COLLATE "C" NOT NULL,
	"recipient_kind" text COLLATE "C" NOT NULL,
	"recipient_id" text COLLATE "C" NOT NULL,
	"channel" text COLLATE "C" NOT NULL,
	"class" text COLLATE "C" NOT NULL,
	"lane" text COLLATE "C" NOT NULL,
	"chat_id" text COLLATE "C" NOT NULL,
	"priority" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"position" bigint NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"attempts" bigint NOT NULL,
	"fence" bigint,
	"edits_id" text COLLATE "C",
	"voucher_id" text COLLATE "C",
	"message_id" text COLLATE "C",
	"sending_at" bigint,
	"sent_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "delivery_contents" (
	"delivery_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"customer_id" text COLLATE "C",
	"content" text COLLATE "C" NOT NULL
);

--> statement-breakpoint
CREATE TABLE "attempts" (
	"delivery_id" text COLLATE "C" NOT NULL,
	"attempt" bigint NOT NULL,
	"fence" bigint NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	CONSTRAINT "attempts_delivery_id_attempt_pk" PRIMARY KEY("delivery_id","attempt")
);

--> statement-breakpoint
CREATE TABLE "lanes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"messenger" text COLLATE "C" NOT NULL,
	"owner" text COLLATE "C",
	"lease_until" bigint NOT NULL,
	"fence" bigint NOT NULL,
	"paused_until" bigint NOT NULL,
	"down_reason" text COLLATE "C"
);

--> statement-breakpoint
CREATE TABLE "parked_receipts" (
	"lane" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "parked_receipts_lane_message_id_status_pk" PRIMARY KEY("lane","message_id","status")
);

--> statement-breakpoint
CREATE TABLE "pictures" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"customer_id" text COLLATE "C",
	"content" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "chats" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"lane" text COLLATE "C" NOT NULL,
	"messenger" text COLLATE "C" NOT NULL,
	"address" text COLLATE "C" NOT NULL,
	"is_private" boolean NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C",
	"language" text COLLATE "C",
	"language_hint" text COLLATE "C",
	"dialogue" text COLLATE "C" NOT NULL,
	"stopped_at" bigint,
	"unreachable" text COLLATE "C",
	"guesses" bigint NOT NULL,
	"guesses_since" bigint NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "links" (
	"token_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C",
	"expires_at" bigint NOT NULL,
	"used_at" bigint,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "updates" (
	"lane" text COLLATE "C" NOT NULL,
	"update_id" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"address" text COLLATE "C" NOT NULL,
	"body" text COLLATE "C",
	"state" text COLLATE "C" NOT NULL,
	"attempts" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"error" text COLLATE "C",
	"received_at" bigint NOT NULL,
	CONSTRAINT "updates_lane_update_id_pk" PRIMARY KEY("lane","update_id")
);

--> statement-breakpoint
CREATE TABLE "telegram_files" (
	"lane" text COLLATE "C" NOT NULL,
	"picture_id" text COLLATE "C" NOT NULL,
	"file_id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "telegram_files_lane_picture_id_pk" PRIMARY KEY("lane","picture_id")
);

--> statement-breakpoint
CREATE TABLE "web_visitors" (
	"token_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"address" text COLLATE "C" NOT NULL,
	"last_seq" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "web_messages" (
	"address" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"edits_message_id" text COLLATE "C",
	"body" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"delivered_at" bigint,
	CONSTRAINT "web_messages_address_seq_pk" PRIMARY KEY("address","seq")
);

--> statement-breakpoint
CREATE UNIQUE INDEX "businesses_external_id" ON "businesses" USING btree ("external_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "businesses_webhook_token" ON "businesses" USING btree ("webhook_token_hash");
--> statement-breakpoint
CREATE INDEX "businesses_sisters" ON "businesses" USING btree ("parent_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "locations_external_id" ON "locations" USING btree ("business_id","external_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "connections_kind" ON "connections" USING btree ("business_id","kind");
--> statement-breakpoint
CREATE UNIQUE INDEX "events_id" ON "events" USING btree ("id");
--> statement-breakpoint
CREATE INDEX "events_pending" ON "events" USING btree ("shard","due_at","seq") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "events_waiting" ON "events" USING btree ("seq") WHERE state in ('dead', 'invalid', 'unrecognised');
--> statement-breakpoint
CREATE INDEX "events_of_business" ON "events" USING btree ("business_id","received_at","seq");
--> statement-breakpoint
CREATE INDEX "events_of_customer" ON "events" USING btree ("customer_id","occurred_at") WHERE state <> 'pending';
--> statement-breakpoint
CREATE INDEX "customers_phone" ON "customers" USING btree ("business_id","phone");
--> statement-breakpoint
CREATE INDEX "customers_email" ON "customers" USING btree ("business_id","email");
--> statement-breakpoint
CREATE INDEX "customers_external_id" ON "customers" USING btree ("business_id","external_id");
--> statement-breakpoint
CREATE INDEX "cards_of_customer" ON "cards" USING btree ("customer_id");
--> statement-breakpoint
CREATE INDEX "cards_external_id" ON "cards" USING btree ("business_id","external_id");
--> statement-breakpoint
CREATE INDEX "vouchers_of_customer" ON "vouchers" USING btree ("customer_id","state");
--> statement-breakpoint
CREATE INDEX "vouchers_of_card" ON "vouchers" USING btree ("card_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "vouchers_number" ON "vouchers" USING btree ("business_id","number");
--> statement-breakpoint
CREATE INDEX "vouchers_redeem_code" ON "vouchers" USING btree ("business_id","redeem_code");
--> statement-breakpoint
CREATE INDEX "consent_log_of_customer" ON "consent_log" USING btree ("customer_id");
--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("lane","priority","due_at","position") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "deliveries_in_hand" ON "deliveries" USING btree ("lane","state") WHERE state in ('claimed', 'sending');
--> statement-breakpoint
CREATE INDEX "deliveries_open_events" ON "deliveries" USING btree ("recipient_id","position") WHERE priority = 1 and state in ('pending', 'claimed', 'sending');
--> statement-breakpoint
CREATE INDEX "deliveries_unknown" ON "deliveries" USING btree ("business_id","updated_at") WHERE state = 'unknown';
--> statement-breakpoint
CREATE INDEX "deliveries_of_recipient" ON "deliveries" USING btree ("recipient_id","created_at");
--> statement-breakpoint
CREATE INDEX "deliveries_of_voucher" ON "deliveries" USING btree ("voucher_id") WHERE voucher_id is not null;
--> statement-breakpoint
CREATE INDEX "deliveries_of_source" ON "deliveries" USING btree ("source");
--> statement-breakpoint
CREATE INDEX "deliveries_by_message" ON "deliveries" USING btree ("lane","message_id") WHERE message_id is not null;
--> statement-breakpoint
CREATE INDEX "delivery_contents_of_customer" ON "delivery_contents" USING btree ("customer_id");
--> statement-breakpoint
CREATE INDEX "pictures_of_customer" ON "pictures" USING btree ("customer_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "chats_address" ON "chats" USING btree ("lane","address");
--> statement-breakpoint
CREATE INDEX "chats_of_customer" ON "chats" USING btree ("customer_id");
--> statement-breakpoint
CREATE INDEX "chats_of_staff" ON "chats" USING btree ("business_id") WHERE role = 'staff';
--> statement-breakpoint
CREATE INDEX "updates_pending" ON "updates" USING btree ("lane","seq") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "updates_received" ON "updates" USING btree ("received_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "web_visitors_address" ON "web_visitors" USING btree ("address");
--> statement-breakpoint
CREATE UNIQUE INDEX "web_messages_once" ON "web_messages" USING btree ("address","kind","message_id");
