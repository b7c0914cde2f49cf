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
ALTER TABLE "vouchers" ADD COLUMN "template_id" text;
--> statement-breakpoint
ALTER TABLE "vouchers" ADD COLUMN "redemption" text;
--> statement-breakpoint
CREATE UNIQUE INDEX "redemptions_once" ON "redemptions" USING btree ("voucher_id") WHERE undone_at is null;
