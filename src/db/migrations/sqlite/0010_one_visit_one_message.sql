CREATE TABLE `message_settings` (
	`business_id` text NOT NULL,
	`event` text NOT NULL,
	`level` text NOT NULL,
	`texts` text NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`business_id`, `event`)
);

--> statement-breakpoint
CREATE TABLE `alert_routes` (
	`business_id` text NOT NULL,
	`event` text NOT NULL,
	`location_id` text NOT NULL,
	`chat_id` text NOT NULL,
	`pace` text NOT NULL,
	PRIMARY KEY(`business_id`, `event`, `location_id`, `chat_id`)
);

--> statement-breakpoint
CREATE TABLE `recent_alerts` (
	`business_id` text PRIMARY KEY NOT NULL,
	`chats` text NOT NULL
);

--> statement-breakpoint
ALTER TABLE `deliveries` ADD `card_id` text;
--> statement-breakpoint
ALTER TABLE `deliveries` ADD `merged_into` text;
--> statement-breakpoint
ALTER TABLE `deliveries` ADD `carries` integer;
--> statement-breakpoint
ALTER TABLE `delivery_contents` ADD `visit` text;
