CREATE TABLE "resent_purposes" (
	"business_id" text COLLATE "C" NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	CONSTRAINT "resent_purposes_business_id_purpose_pk" PRIMARY KEY("business_id","purpose")
);

