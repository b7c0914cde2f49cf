ALTER TABLE `chats` ADD `linked_at` integer;
