CREATE TABLE `showings` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`code` text NOT NULL,
	`voucher_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	`taken_by` text
);

--> statement-breakpoint
CREATE UNIQUE INDEX `showings_code` ON `showings` (`business_id`,`code`);
--> statement-breakpoint
CREATE INDEX `showings_of_voucher` ON `showings` (`voucher_id`);
--> statement-breakpoint
CREATE INDEX `showings_expired` ON `showings` (`expires_at`);
--> statement-breakpoint
CREATE TABLE `wrong_lookups` (
	`chat_id` text PRIMARY KEY NOT NULL,
	`guesses` integer NOT NULL,
	`since` integer NOT NULL
);

--> statement-breakpoint
ALTER TABLE `chats` ADD `former_customer_id` text;
--> statement-breakpoint
ALTER TABLE `chats` ADD `shared_location_id` text;
--> statement-breakpoint
ALTER TABLE `chats` ADD `cashier_id` text;
--> statement-breakpoint
ALTER TABLE `chats` ADD `cashier_until` integer;
--> statement-breakpoint
ALTER TABLE `chats` ADD `left_team_at` integer;
--> statement-breakpoint
ALTER TABLE `links` ADD `shared_location_id` text;
