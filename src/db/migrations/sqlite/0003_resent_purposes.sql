CREATE TABLE `resent_purposes` (
	`business_id` text NOT NULL,
	`purpose` text NOT NULL,
	PRIMARY KEY(`business_id`, `purpose`)
);

