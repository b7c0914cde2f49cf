CREATE TABLE `staff` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`name` text NOT NULL,
	`login` text,
	`role` text NOT NULL,
	`location_id` text,
	`pin_hash` text,
	`created_at` integer NOT NULL,
	`removed_at` integer
);

--> statement-breakpoint
CREATE UNIQUE INDEX `staff_logins` ON `staff` (`business_id`,`login`) WHERE removed_at is null;
--> statement-breakpoint
CREATE INDEX `staff_pins` ON `staff` (`business_id`,`pin_hash`) WHERE pin_hash is not null;
--> statement-breakpoint
CREATE TABLE `pin_tries` (
	`chat_id` text PRIMARY KEY NOT NULL,
	`wrong_at` text NOT NULL,
	`last_wrong_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `pin_tries_by_age` ON `pin_tries` (`last_wrong_at`);
--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`business_id` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject_id` text NOT NULL,
	`details` text NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`business_id`, `seq`)
);

--> statement-breakpoint
CREATE TABLE `audit_heads` (
	`business_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL
);

