CREATE TABLE `customer_choices` (
	`customer_id` text PRIMARY KEY NOT NULL,
	`hears` text NOT NULL,
	`changed_at` integer NOT NULL
);

