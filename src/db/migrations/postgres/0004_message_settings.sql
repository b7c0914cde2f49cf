CREATE TABLE "message_settings" (
	"business_id" text COLLATE "C" NOT NULL,
	"event" text COLLATE "C" NOT NULL,
	"level" text COLLATE "C" NOT NULL,
	"texts" text COLLATE "C" NOT NULL,
	"changed_at" bigint NOT NULL,
	CONSTRAINT "message_settings_business_id_event_pk" PRIMARY KEY("business_id","event")
);

--> statement-breakpoint
CREATE TABLE "customer_choices" (
	"customer_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"hears" text COLLATE "C" NOT NULL,
	"changed_at" bigint NOT NULL
);

