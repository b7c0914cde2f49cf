CREATE INDEX "chats_of_guests" ON "chats" USING btree ("last_seen_at") WHERE role = 'guest';
