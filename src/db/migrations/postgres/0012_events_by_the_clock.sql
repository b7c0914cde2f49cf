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
CREATE INDEX "customers_birthday" ON "customers" USING btree ("business_id","birthday") WHERE birthday is not null;
--> statement-breakpoint
CREATE INDEX "cards_own_used" ON "cards" USING btree ("business_id","touched_at") WHERE master = 'own';
--> statement-breakpoint
CREATE INDEX "vouchers_own_open" ON "vouchers" USING btree ("expires_at") WHERE master = 'own' and state in ('issued', 'active');
--> statement-breakpoint
CREATE INDEX "redemptions_of_customer" ON "redemptions" USING btree ("customer_id","at");
