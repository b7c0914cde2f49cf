CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`until` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `installation` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);

--> statement-breakpoint
CREATE TABLE `businesses` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`language` text NOT NULL,
	`time_zone` text NOT NULL,
	`currency` text NOT NULL,
	`logo` text,
	`color` text NOT NULL,
	`contact` text,
	`privacy_url` text,
	`card_link` text,
	`external_id` text,
	`parent_id` text,
	`webhook_token_hash` text,
	`webhook_secret` text,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `businesses_external_id` ON `businesses` (`external_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `businesses_webhook_token` ON `businesses` (`webhook_token_hash`);
--> statement-breakpoint
CREATE INDEX `businesses_sisters` ON `businesses` (`parent_id`);
--> statement-breakpoint
CREATE TABLE `locations` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`external_id` text NOT NULL,
	`name` text,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `locations_external_id` ON `locations` (`business_id`,`external_id`);
--> statement-breakpoint
CREATE TABLE `connections` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`kind` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `connections_kind` ON `connections` (`business_id`,`kind`);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`business_id` text NOT NULL,
	`root_id` text NOT NULL,
	`customer_id` text,
	`name` text NOT NULL,
	`origin` text NOT NULL,
	`occurred_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`state` text NOT NULL,
	`shard` integer NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL,
	`has_weak_key` integer NOT NULL,
	`content_hash` text,
	`reason` text,
	`body` blob
);

--> statement-breakpoint
CREATE UNIQUE INDEX `events_id` ON `events` (`id`);
--> statement-breakpoint
CREATE INDEX `events_pending` ON `events` (`shard`,`due_at`,`seq`) WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX `events_waiting` ON `events` (`seq`) WHERE state in ('dead', 'invalid', 'unrecognised');
--> statement-breakpoint
CREATE INDEX `events_of_business` ON `events` (`business_id`,`received_at`,`seq`);
--> statement-breakpoint
CREATE INDEX `events_of_customer` ON `events` (`customer_id`,`occurred_at`) WHERE state <> 'pending';
--> statement-breakpoint
CREATE TABLE `silences` (
	`business_id` text PRIMARY KEY NOT NULL,
	`silent_since` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `customers` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`external_id` text,
	`wallet_pass_id` text,
	`name` text,
	`phone` text,
	`email` text,
	`birthday` text,
	`language` text,
	`profile_times` text NOT NULL,
	`is_demo` integer NOT NULL,
	`erased_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `customers_phone` ON `customers` (`business_id`,`phone`);
--> statement-breakpoint
CREATE INDEX `customers_email` ON `customers` (`business_id`,`email`);
--> statement-breakpoint
CREATE INDEX `customers_external_id` ON `customers` (`business_id`,`external_id`);
--> statement-breakpoint
CREATE TABLE `cards` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`external_id` text,
	`master` text NOT NULL,
	`template_external_id` text,
	`title` text,
	`stamps_goal` integer,
	`goals` text NOT NULL,
	`goal_index` integer,
	`platform` text,
	`fact_times` text NOT NULL,
	`stamps` integer,
	`counts_at` integer NOT NULL,
	`increments` text NOT NULL,
	`created_at` integer NOT NULL,
	`touched_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `cards_of_customer` ON `cards` (`customer_id`);
--> statement-breakpoint
CREATE INDEX `cards_external_id` ON `cards` (`business_id`,`external_id`);
--> statement-breakpoint
CREATE TABLE `vouchers` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`external_id` text,
	`master` text NOT NULL,
	`number` text NOT NULL,
	`card_id` text,
	`title` text,
	`description` text,
	`redeem_code` text,
	`redeem_code_formats` text NOT NULL,
	`expires_at` integer,
	`redeemed_via` text,
	`fact_times` text NOT NULL,
	`state` text NOT NULL,
	`state_at` integer NOT NULL,
	`issued_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `vouchers_of_customer` ON `vouchers` (`customer_id`,`state`);
--> statement-breakpoint
CREATE INDEX `vouchers_of_card` ON `vouchers` (`card_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `vouchers_number` ON `vouchers` (`business_id`,`number`);
--> statement-breakpoint
CREATE INDEX `vouchers_redeem_code` ON `vouchers` (`business_id`,`redeem_code`);
--> statement-breakpoint
CREATE TABLE `consents` (
	`customer_id` text NOT NULL,
	`channel` text NOT NULL,
	`class` text NOT NULL,
	`state` text NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`customer_id`, `channel`, `class`)
);

--> statement-breakpoint
CREATE TABLE `consent_log` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`customer_id` text NOT NULL,
	`channel` text NOT NULL,
	`class` text NOT NULL,
	`state` text NOT NULL,
	`source` text NOT NULL,
	`text_version` text,
	`language` text,
	`at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `consent_log_of_customer` ON `consent_log` (`customer_id`);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`purpose` text NOT NULL,
	`source` text NOT NULL,
	`recipient_kind` text NOT NULL,
	`recipient_id` text NOT NULL,
	`channel` text NOT NULL,
	`class` text NOT NULL,
	`lane` text NOT NULL,
	`chat_id` text NOT NULL,
	`priority` integer NOT NULL,
	`due_at` integer NOT NULL,
	`position` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`attempts` integer NOT NULL,
	`fence` integer,
	`edits_id` text,
	`voucher_id` text,
	`message_id` text,
	`sending_at` integer,
	`sent_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`lane`,`priority`,`due_at`,`position`) WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX `deliveries_in_hand` ON `deliveries` (`lane`,`state`) WHERE state in ('claimed', 'sending');
--> statement-breakpoint
CREATE INDEX `deliveries_open_events` ON `deliveries` (`recipient_id`,`position`) WHERE priority = 1 and state in ('pending', 'claimed', 'sending');
--> statement-breakpoint
CREATE INDEX `deliveries_unknown` ON `deliveries` (`business_id`,`updated_at`) WHERE state = 'unknown';
--> statement-breakpoint
CREATE INDEX `deliveries_of_recipient` ON `deliveries` (`recipient_id`,`created_at`);
--> statement-breakpoint
CREATE INDEX `deliveries_of_voucher` ON `deliveries` (`voucher_id`) WHERE voucher_id is not null;
--> statement-breakpoint
CREATE INDEX `deliveries_of_source` ON `deliveries` (`source`);
--> statement-breakpoint
CREATE INDEX `deliveries_by_message` ON `deliveries` (`lane`,`message_id`) WHERE message_id is not null;
--> statement-breakpoint
CREATE TABLE `delivery_contents` (
	`delivery_id` text PRIMARY KEY NOT NULL,
	`customer_id` text,
	`content` text NOT NULL
);

--> statement-breakpoint
CREATE INDEX `delivery_contents_of_customer` ON `delivery_contents` (`customer_id`);
--> statement-breakpoint
CREATE TABLE `attempts` (
	`delivery_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`fence` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	PRIMARY KEY(`delivery_id`, `attempt`)
);

--> statement-breakpoint
CREATE TABLE `lanes` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`messenger` text NOT NULL,
	`owner` text,
	`lease_until` integer NOT NULL,
	`fence` integer NOT NULL,
	`paused_until` integer NOT NULL,
	`down_reason` text
);

--> statement-breakpoint
CREATE TABLE `parked_receipts` (
	`lane` text NOT NULL,
	`message_id` text NOT NULL,
	`status` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`lane`, `message_id`, `status`)
);

--> statement-breakpoint
CREATE TABLE `pictures` (
	`id` text PRIMARY KEY NOT NULL,
	`customer_id` text,
	`content` text NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE INDEX `pictures_of_customer` ON `pictures` (`customer_id`);
--> statement-breakpoint
CREATE TABLE `chats` (
	`id` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`lane` text NOT NULL,
	`messenger` text NOT NULL,
	`address` text NOT NULL,
	`is_private` integer NOT NULL,
	`role` text NOT NULL,
	`customer_id` text,
	`language` text,
	`language_hint` text,
	`dialogue` text NOT NULL,
	`stopped_at` integer,
	`unreachable` text,
	`guesses` integer NOT NULL,
	`guesses_since` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `chats_address` ON `chats` (`lane`,`address`);
--> statement-breakpoint
CREATE INDEX `chats_of_customer` ON `chats` (`customer_id`);
--> statement-breakpoint
CREATE INDEX `chats_of_staff` ON `chats` (`business_id`) WHERE role = 'staff';
--> statement-breakpoint
CREATE TABLE `links` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`kind` text NOT NULL,
	`customer_id` text,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`created_at` integer NOT NULL
);

--> statement-breakpoint
CREATE TABLE `updates` (
	`lane` text NOT NULL,
	`update_id` text NOT NULL,
	`seq` integer NOT NULL,
	`address` text NOT NULL,
	`body` text,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL,
	`error` text,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`lane`, `update_id`)
);

--> statement-breakpoint
CREATE INDEX `updates_pending` ON `updates` (`lane`,`seq`) WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX `updates_received` ON `updates` (`received_at`);
--> statement-breakpoint
CREATE TABLE `telegram_files` (
	`lane` text NOT NULL,
	`picture_id` text NOT NULL,
	`file_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`lane`, `picture_id`)
);

--> statement-breakpoint
CREATE TABLE `web_visitors` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`address` text NOT NULL,
	`last_seq` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL
);

--> statement-breakpoint
CREATE UNIQUE INDEX `web_visitors_address` ON `web_visitors` (`address`);
--> statement-breakpoint
CREATE TABLE `web_messages` (
	`address` text NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`message_id` text NOT NULL,
	`edits_message_id` text,
	`body` text NOT NULL,
	`created_at` integer NOT NULL,
	`delivered_at` integer,
	PRIMARY KEY(`address`, `seq`)
);

--> statement-breakpoint
CREATE UNIQUE INDEX `web_messages_once` ON `web_messages` (`address`,`kind`,`message_id`);
