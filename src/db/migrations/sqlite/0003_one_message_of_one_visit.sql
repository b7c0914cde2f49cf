ALTER TABLE `deliveries` ADD `card_id` text;
--> statement-breakpoint
ALTER TABLE `deliveries` ADD `merged_into` text;
--> statement-breakpoint
ALTER TABLE `deliveries` ADD `carries` integer;
--> statement-breakpoint
ALTER TABLE `delivery_contents` ADD `visit` text;
