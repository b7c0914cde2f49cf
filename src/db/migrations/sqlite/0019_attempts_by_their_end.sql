CREATE INDEX `attempts_ended` ON `attempts` (`ended_at`);
