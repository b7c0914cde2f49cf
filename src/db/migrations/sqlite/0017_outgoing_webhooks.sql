CREATE TABLE `subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`url` text NOT NULL,
	`lane` text NOT NULL,
	`events` text,
	`include_contact` integer NOT NULL,
	`secret` text NOT NULL,
	`former_secret` text,
	`former_until` integer,
	`disabled_reason` text,
	`disabled_at` integer,
	`is_alerted` integer NOT NULL,
	`failing_since` integer,
	`last_failed_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `subscriptions_of_business` ON `subscriptions` (`business_id`,`created_at`);
