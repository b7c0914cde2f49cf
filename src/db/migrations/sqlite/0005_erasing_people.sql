CREATE TABLE `tombstones` (
	`mark` text NOT NULL,
	`customer_id` text NOT NULL,
	PRIMARY KEY(`mark`, `customer_id`)
);

--> statement-breakpoint
CREATE TABLE `erasures` (
	`customer_id` text PRIMARY KEY NOT NULL,
	`chats` text NOT NULL,
	`erased_at` integer NOT NULL,
	`due_at` integer NOT NULL
);

--> statement-breakpoint
DROP INDEX `web_messages_once`;
--> statement-breakpoint
CREATE UNIQUE INDEX `web_messages_once` ON `web_messages` (`message_id`,`address`,`kind`);
--> statement-breakpoint
CREATE INDEX `updates_dead` ON `updates` (`address`) WHERE state = 'dead';
