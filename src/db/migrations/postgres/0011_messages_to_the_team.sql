CREATE TABLE "team_questions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"business_id" text COLLATE "C" NOT NULL,
	"chat_id" text COLLATE "C" NOT NULL,
	"asked_at" bigint NOT NULL,
	"answered_at" bigint
);

--> statement-breakpoint
CREATE INDEX "team_questions_of_chat" ON "team_questions" USING btree ("chat_id","asked_at");
--> statement-breakpoint
CREATE INDEX "team_questions_asked" ON "team_questions" USING btree ("business_id","asked_at");
