ALTER TABLE "adoptions" ADD COLUMN "left_some" boolean;
