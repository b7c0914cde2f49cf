CREATE TABLE "subscriptions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"lane" text COLLATE "C" NOT NULL,
	"events" text COLLATE "C",
	"include_contact" boolean NOT NULL,
	"secret" text COLLATE "C" NOT NULL,
	"former_secret" text COLLATE "C",
	"former_until" bigint,
	"disabled_reason" text COLLATE "C",
	"disabled_at" bigint,
	"is_alerted" boolean NOT NULL,
	"failing_since" bigint,
	"last_failed_at" bigint,
	"created_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE INDEX "subscriptions_of_business" ON "subscriptions" USING btree ("business_id","created_at");
