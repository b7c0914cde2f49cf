CREATE TABLE "customer_choices" (
	"customer_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"hears" text COLLATE "C" NOT NULL,
	"changed_at" bigint NOT NULL
);

