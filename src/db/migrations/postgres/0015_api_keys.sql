CREATE TABLE "api_keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"staff_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"key_hash" text COLLATE "C" NOT NULL,
	"ending" text COLLATE "C" NOT NULL,
	"is_read_only" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint
);

--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_by_hash" ON "api_keys" USING btree ("key_hash");
--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_of_staff" ON "api_keys" USING btree ("staff_id");
--> statement-breakpoint
CREATE INDEX "api_keys_of_business" ON "api_keys" USING btree ("business_id");
