ALTER TABLE "deliveries" ADD COLUMN "card_id" text;
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "merged_into" text;
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "carries" bigint;
--> statement-breakpoint
ALTER TABLE "delivery_contents" ADD COLUMN "visit" text;
