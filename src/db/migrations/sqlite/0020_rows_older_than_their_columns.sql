CREATE INDEX `customers_unsearchable` ON `customers` (`id`) WHERE search is null and erased_at is null;
--> statement-breakpoint
CREATE INDEX `cards_unnumbered` ON `cards` (`id`) WHERE number is null and master = 'own';
