ALTER TABLE "deliveries" ADD COLUMN "replaced_by" text;
