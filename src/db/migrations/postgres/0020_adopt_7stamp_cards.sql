CREATE TABLE "adoptions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"template_id" text COLLATE "C" NOT NULL,
	"template_version" bigint NOT NULL,
	"cards" bigint NOT NULL,
	"vouchers" bigint NOT NULL,
	"started_at" bigint NOT NULL,
	"finished_at" bigint,
	"undo_begun_at" bigint,
	"undone_at" bigint
);

--> statement-breakpoint
CREATE TABLE "adopted" (
	"adoption_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	"before" text COLLATE "C" NOT NULL,
	"export_stamps" bigint,
	"stamps" bigint,
	"adopted_at" bigint NOT NULL,
	"undo" text COLLATE "C",
	"stamps_since" bigint,
	CONSTRAINT "adopted_adoption_id_id_pk" PRIMARY KEY("adoption_id","id")
);

--> statement-breakpoint
CREATE INDEX "adoptions_of_business" ON "adoptions" USING btree ("business_id","started_at");
--> statement-breakpoint
CREATE INDEX "adopted_to_undo" ON "adopted" USING btree ("adoption_id","customer_id") WHERE undo is null;
--> statement-breakpoint
CREATE INDEX "adopted_of_customer" ON "adopted" USING btree ("customer_id");
--> statement-breakpoint
CREATE INDEX "adopted_at" ON "adopted" USING btree ("adopted_at");
