CREATE TABLE "imports" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"file_name" text COLLATE "C" NOT NULL,
	"size_bytes" bigint NOT NULL,
	"as_of" bigint NOT NULL,
	"offset_bytes" bigint NOT NULL,
	"line" bigint NOT NULL,
	"counts" text COLLATE "C" NOT NULL,
	"error_file_bytes" bigint NOT NULL,
	"pending_errors" text COLLATE "C" NOT NULL,
	"started_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"finished_at" bigint
);

