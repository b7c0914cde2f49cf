CREATE TABLE `team_questions` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`chat_id` text NOT NULL,
	`asked_at` integer NOT NULL,
	`answered_at` integer
);

--> statement-breakpoint
CREATE INDEX `team_questions_of_chat` ON `team_questions` (`chat_id`,`asked_at`);
--> statement-breakpoint
CREATE INDEX `team_questions_asked` ON `team_questions` (`business_id`,`asked_at`);
