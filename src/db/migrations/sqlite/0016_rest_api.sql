CREATE TABLE `api_answers` (
	`id` text PRIMARY KEY NOT NULL,
	`request` text NOT NULL,
	`began_at` integer NOT NULL,
	`leased_until` integer NOT NULL,
	`status` integer,
	`sealed` text,
	`customer_id` text
);

--> statement-breakpoint
CREATE INDEX `api_answers_by_age` ON `api_answers` (`began_at`);
--> statement-breakpoint
CREATE INDEX `api_answers_of_customer` ON `api_answers` (`customer_id`);
--> statement-breakpoint
ALTER TABLE `customers` ADD `search` text;
--> statement-breakpoint
CREATE INDEX `customers_newest` ON `customers` (`business_id`,`created_at`,`id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `customers_own_phone` ON `customers` (`business_id`,`phone`) WHERE external_id is null;
--> statement-breakpoint
CREATE UNIQUE INDEX `customers_own_email` ON `customers` (`business_id`,`email`) WHERE external_id is null;
--> statement-breakpoint
ALTER TABLE `cards` ADD `number` text;
--> statement-breakpoint
CREATE INDEX `cards_number` ON `cards` (`business_id`,`number`) WHERE number is not null;
