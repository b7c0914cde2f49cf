UPDATE "deliveries" SET "state" = 'pending' WHERE "state" = 'claimed';
--> statement-breakpoint
DROP INDEX `deliveries_in_hand`;
--> statement-breakpoint
DROP INDEX `deliveries_open_events`;
--> statement-breakpoint
CREATE INDEX `deliveries_in_flight` ON `deliveries` (`lane`) WHERE state = 'sending';
--> statement-breakpoint
CREATE INDEX `deliveries_open_events` ON `deliveries` (`recipient_id`,`position`) WHERE priority = 1 and state in ('pending', 'sending');
