CREATE INDEX `chats_of_guests` ON `chats` (`last_seen_at`) WHERE role = 'guest';
