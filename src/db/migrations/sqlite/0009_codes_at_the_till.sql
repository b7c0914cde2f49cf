CREATE TABLE `till_codes` (
	`business_id` text NOT NULL,
	`code` text NOT NULL,
	`chat_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`business_id`, `code`)
);

--> statement-breakpoint
CREATE TABLE `till_guesses` (
	`business_id` text PRIMARY KEY NOT NULL,
	`guesses` integer NOT NULL,
	`since` integer NOT NULL
);

