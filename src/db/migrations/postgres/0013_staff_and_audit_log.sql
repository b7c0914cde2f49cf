CREATE TABLE "staff" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"login" text COLLATE "C",
	"role" text COLLATE "C" NOT NULL,
	"location_id" text COLLATE "C",
	"pin_hash" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"removed_at" bigint
);

--> statement-breakpoint
CREATE TABLE "pin_tries" (
	"chat_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"wrong_at" text COLLATE "C" NOT NULL,
	"last_wrong_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"business_id" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"at" bigint NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"details" text COLLATE "C" NOT NULL,
	"previous_hash" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	CONSTRAINT "audit_entries_business_id_seq_pk" PRIMARY KEY("business_id","seq")
);

--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"business_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text COLLATE "C" NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX "staff_logins" ON "staff" USING btree ("business_id","login") WHERE removed_at is null;
--> statement-breakpoint
CREATE INDEX "staff_pins" ON "staff" USING btree ("business_id","pin_hash") WHERE pin_hash is not null;
--> statement-breakpoint
CREATE INDEX "pin_tries_by_age" ON "pin_tries" USING btree ("last_wrong_at");
