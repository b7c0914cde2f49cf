CREATE TABLE `adoptions` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`template_id` text NOT NULL,
	`template_version` integer NOT NULL,
	`cards` integer NOT NULL,
	`vouchers` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`undo_begun_at` integer,
	`undone_at` integer
);

--> statement-breakpoint
CREATE INDEX `adoptions_of_business` ON `adoptions` (`business_id`,`started_at`);
--> statement-breakpoint
CREATE TABLE `adopted` (
	`adoption_id` text NOT NULL,
	`id` text NOT NULL,
	`customer_id` text NOT NULL,
	`before` text NOT NULL,
	`export_stamps` integer,
	`stamps` integer,
	`adopted_at` integer NOT NULL,
	`undo` text,
	`stamps_since` integer,
	PRIMARY KEY(`adoption_id`, `id`)
);

--> statement-breakpoint
CREATE INDEX `adopted_to_undo` ON `adopted` (`adoption_id`,`customer_id`) WHERE undo is null;
--> statement-breakpoint
CREATE INDEX `adopted_of_customer` ON `adopted` (`customer_id`);
--> statement-breakpoint
CREATE INDEX `adopted_at` ON `adopted` (`adopted_at`);
