CREATE TABLE `imports` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`file_name` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`as_of` integer NOT NULL,
	`offset_bytes` integer NOT NULL,
	`line` integer NOT NULL,
	`counts` text NOT NULL,
	`error_file_bytes` integer NOT NULL,
	`pending_errors` text NOT NULL,
	`started_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`finished_at` integer
);

