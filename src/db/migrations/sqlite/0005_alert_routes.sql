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

