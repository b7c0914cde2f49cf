ALTER TABLE `deliveries` ADD `replaced_by` text;
