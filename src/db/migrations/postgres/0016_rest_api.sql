CREATE TABLE "api_answers" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"request" text COLLATE "C" NOT NULL,
	"began_at" bigint NOT NULL,
	"leased_until" bigint NOT NULL,
	"status" bigint,
	"sealed" text COLLATE "C",
	"customer_id" text COLLATE "C"
);

--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "search" text;
--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "number" text;
--> statement-breakpoint
CREATE INDEX "api_answers_by_age" ON "api_answers" USING btree ("began_at");
--> statement-breakpoint
CREATE INDEX "api_answers_of_customer" ON "api_answers" USING btree ("customer_id");
--> statement-breakpoint
CREATE INDEX "customers_newest" ON "customers" USING btree ("business_id","created_at","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "customers_own_phone" ON "customers" USING btree ("business_id","phone") WHERE external_id is null;
--> statement-breakpoint
CREATE UNIQUE INDEX "customers_own_email" ON "customers" USING btree ("business_id","email") WHERE external_id is null;
--> statement-breakpoint
CREATE INDEX "cards_number" ON "cards" USING btree ("business_id","number") WHERE number is not null;
