ALTER TABLE `rewards` ADD `final_at` integer;
