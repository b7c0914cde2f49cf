ALTER TABLE `deliveries` ADD `replaced_by` text;
--> statement-breakpoint
CREATE INDEX `customers_unsearchable` ON `customers` (`id`) WHERE search is null and erased_at is null;
--> statement-breakpoint
CREATE INDEX `cards_unnumbered` ON `cards` (`id`) WHERE number is null and master = 'own';
