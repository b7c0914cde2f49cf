CREATE TABLE `loyalty_settings` (
	`business_id` text PRIMARY KEY NOT NULL,
	`inactivity_days` integer NOT NULL,
	`undo_limit_ms` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `loyalty_clock_days` (
	`business_id` text PRIMARY KEY NOT NULL,
	`day` text NOT NULL
);

--> statement-breakpoint
CREATE INDEX `customers_birthday` ON `customers` (`business_id`,`birthday`) WHERE birthday is not null;
--> statement-breakpoint
CREATE INDEX `cards_own_used` ON `cards` (`business_id`,`touched_at`) WHERE master = 'own';
--> statement-breakpoint
CREATE INDEX `vouchers_own_open` ON `vouchers` (`expires_at`) WHERE master = 'own' and state in ('issued', 'active');
--> statement-breakpoint
CREATE INDEX `redemptions_of_customer` ON `redemptions` (`customer_id`,`at`);
