ALTER TABLE "deliveries" ADD COLUMN "replaced_by" text;
--> statement-breakpoint
CREATE INDEX "customers_unsearchable" ON "customers" USING btree ("id") WHERE search is null and erased_at is null;
--> statement-breakpoint
CREATE INDEX "cards_unnumbered" ON "cards" USING btree ("id") WHERE number is null and master = 'own';
