ALTER TABLE "chats" ADD COLUMN "linked_at" bigint;
