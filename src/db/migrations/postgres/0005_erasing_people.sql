CREATE TABLE "tombstones" (
	"mark" text COLLATE "C" NOT NULL,
	"customer_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "tombstones_mark_customer_id_pk" PRIMARY KEY("mark","customer_id")
);

--> statement-breakpoint
CREATE TABLE "erasures" (
	"customer_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"chats" text COLLATE "C" NOT NULL,
	"erased_at" bigint NOT NULL,
	"due_at" bigint NOT NULL
);

--> statement-breakpoint
DROP INDEX "web_messages_once";
--> statement-breakpoint
CREATE INDEX "updates_dead" ON "updates" USING btree ("address") WHERE state = 'dead';
--> statement-breakpoint
CREATE UNIQUE INDEX "web_messages_once" ON "web_messages" USING btree ("message_id","address","kind");
