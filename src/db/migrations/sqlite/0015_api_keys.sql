CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`name` text NOT NULL,
	`key_hash` text NOT NULL,
	`ending` text NOT NULL,
	`is_read_only` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer
);

--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_by_hash` ON `api_keys` (`key_hash`);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_of_staff` ON `api_keys` (`staff_id`);
--> statement-breakpoint
CREATE INDEX `api_keys_of_business` ON `api_keys` (`business_id`);
