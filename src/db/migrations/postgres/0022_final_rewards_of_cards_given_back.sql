ALTER TABLE "rewards" ADD COLUMN "final_at" bigint;
