CREATE TABLE "till_codes" (
	"business_id" text COLLATE "C" NOT NULL,
	"code" text COLLATE "C" NOT NULL,
	"chat_id" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "till_codes_business_id_code_pk" PRIMARY KEY("business_id","code")
);

--> statement-breakpoint
CREATE TABLE "till_guesses" (
	"business_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"guesses" bigint NOT NULL,
	"since" bigint NOT NULL
);

