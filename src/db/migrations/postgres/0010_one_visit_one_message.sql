CREATE TABLE "message_settings" (
	"business_id" text COLLATE "C" NOT NULL,
	"event" text COLLATE "C" NOT NULL,
	"level" text COLLATE "C" NOT NULL,
	"texts" text COLLATE "C" NOT NULL,
	"changed_at" bigint NOT NULL,
	CONSTRAINT "message_settings_business_id_event_pk" PRIMARY KEY("business_id","event")
);

--> statement-breakpoint
CREATE TABLE "alert_routes" (
	"business_id" text COLLATE "C" NOT NULL,
	"event" text COLLATE "C" NOT NULL,
	"location_id" text COLLATE "C" NOT NULL,
	"chat_id" text COLLATE "C" NOT NULL,
	"pace" text COLLATE "C" NOT NULL,
	CONSTRAINT "alert_routes_business_id_event_location_id_chat_id_pk" PRIMARY KEY("business_id","event","location_id","chat_id")
);

--> statement-breakpoint
CREATE TABLE "recent_alerts" (
	"business_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"chats" text COLLATE "C" NOT NULL
);

--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "card_id" text;
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "merged_into" text;
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "carries" bigint;
--> statement-breakpoint
ALTER TABLE "delivery_contents" ADD COLUMN "visit" text;
