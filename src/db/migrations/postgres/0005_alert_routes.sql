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

