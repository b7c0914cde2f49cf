CREATE INDEX "attempts_ended" ON "attempts" USING btree ("ended_at");
