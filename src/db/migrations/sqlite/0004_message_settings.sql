CREATE TABLE `message_settings` (
	`business_id` text NOT NULL,
	`event` text NOT NULL,
	`level` text NOT NULL,
	`texts` text NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`business_id`, `event`)
);

--> statement-breakpoint
CREATE TABLE `customer_choices` (
	`customer_id` text PRIMARY KEY NOT NULL,
	`hears` text NOT NULL,
	`changed_at` integer NOT NULL
);

