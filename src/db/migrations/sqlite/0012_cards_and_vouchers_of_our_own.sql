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
CREATE TABLE `card_templates` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`business_id` text NOT NULL,
	`title` text NOT NULL,
	`goals` text NOT NULL,
	`stamping` text NOT NULL,
	`after_last_goal` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`id`, `version`)
);

--> statement-breakpoint
CREATE INDEX `card_templates_of_business` ON `card_templates` (`business_id`);
--> statement-breakpoint
CREATE TABLE `voucher_templates` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`business_id` text NOT NULL,
	`title` text NOT NULL,
	`description` text,
	`redeem_code` text,
	`formats` text NOT NULL,
	`validity` text NOT NULL,
	`redemption` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`id`, `version`)
);

--> statement-breakpoint
CREATE INDEX `voucher_templates_of_business` ON `voucher_templates` (`business_id`);
--> statement-breakpoint
CREATE TABLE `stamps` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`card_id` text NOT NULL,
	`count` integer NOT NULL,
	`amount` integer,
	`carried_change` integer NOT NULL,
	`currency` text,
	`receipt_id` text,
	`source` text NOT NULL,
	`staff_id` text,
	`location_id` text,
	`at` integer NOT NULL,
	`undone_at` integer
);

--> statement-breakpoint
CREATE INDEX `stamps_of_card` ON `stamps` (`card_id`,`at`);
--> statement-breakpoint
CREATE INDEX `stamps_of_receipt` ON `stamps` (`business_id`,`receipt_id`) WHERE receipt_id is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX `stamps_receipt_once` ON `stamps` (`business_id`,`receipt_id`) WHERE receipt_id is not null and undone_at is null;
--> statement-breakpoint
CREATE TABLE `rewards` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`card_id` text NOT NULL,
	`stamp_id` text NOT NULL,
	`goal_index` integer NOT NULL,
	`stamps_total` integer NOT NULL,
	`type` text NOT NULL,
	`title` text NOT NULL,
	`voucher_id` text,
	`at` integer NOT NULL,
	`taken_back_at` integer
);

--> statement-breakpoint
CREATE INDEX `rewards_of_card` ON `rewards` (`card_id`,`stamps_total`);
--> statement-breakpoint
CREATE TABLE `draws` (
	`reward_id` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`business_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`card_id` text NOT NULL,
	`template_id` text NOT NULL,
	`template_version` integer NOT NULL,
	`random` text NOT NULL,
	`seed` text NOT NULL,
	`variant_index` integer NOT NULL,
	`result` text NOT NULL,
	`voucher_id` text,
	`at` integer NOT NULL
);

--> statement-breakpoint
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
CREATE INDEX `redemptions_of_customer` ON `redemptions` (`customer_id`,`at`);
--> statement-breakpoint
CREATE UNIQUE INDEX `redemptions_once` ON `redemptions` (`voucher_id`) WHERE undone_at is null;
--> statement-breakpoint
ALTER TABLE `cards` ADD `template_id` text;
--> statement-breakpoint
ALTER TABLE `cards` ADD `template_version` integer;
--> statement-breakpoint
ALTER TABLE `cards` ADD `goal_rewards` text;
--> statement-breakpoint
ALTER TABLE `cards` ADD `stamps_total` integer;
--> statement-breakpoint
ALTER TABLE `cards` ADD `carried_amount` integer;
--> statement-breakpoint
CREATE INDEX `cards_own_used` ON `cards` (`business_id`,`touched_at`) WHERE master = 'own';
--> statement-breakpoint
ALTER TABLE `vouchers` ADD `template_id` text;
--> statement-breakpoint
ALTER TABLE `vouchers` ADD `redemption` text;
--> statement-breakpoint
CREATE INDEX `vouchers_own_open` ON `vouchers` (`expires_at`) WHERE master = 'own' and state in ('issued', 'active');
--> statement-breakpoint
CREATE INDEX `customers_birthday` ON `customers` (`business_id`,`birthday`) WHERE birthday is not null;
