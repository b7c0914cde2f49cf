CREATE TABLE `redemptions` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`voucher_id` text NOT NULL,
	`via` text NOT NULL,
	`staff_id` text,
	`location_id` text,
	`receipt_id` text,
	`at` integer NOT NULL,
	`undone_at` integer
);

--> statement-breakpoint
CREATE UNIQUE INDEX `redemptions_once` ON `redemptions` (`voucher_id`) WHERE undone_at is null;
--> statement-breakpoint
ALTER TABLE `vouchers` ADD `template_id` text;
--> statement-breakpoint
ALTER TABLE `vouchers` ADD `redemption` text;
