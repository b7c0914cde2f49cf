CREATE TABLE "showings" (
	"token_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"code" text COLLATE "C" NOT NULL,
	"voucher_id" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL,
	"taken_by" text COLLATE "C"
);

--> statement-breakpoint
CREATE TABLE "wrong_lookups" (
	"chat_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"guesses" bigint NOT NULL,
	"since" bigint NOT NULL
);

--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "former_customer_id" text;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "shared_location_id" text;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "cashier_id" text;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "cashier_until" bigint;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "left_team_at" bigint;
--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "shared_location_id" text;
--> statement-breakpoint
CREATE UNIQUE INDEX "showings_code" ON "showings" USING btree ("business_id","code");
--> statement-breakpoint
CREATE INDEX "showings_of_voucher" ON "showings" USING btree ("voucher_id");
--> statement-breakpoint
CREATE INDEX "showings_expired" ON "showings" USING btree ("expires_at");
