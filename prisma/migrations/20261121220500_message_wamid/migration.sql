-- Only messages that the provider has seen have a wamid. A whole index stood in the way as well: while the statistics of a table are
-- those of a smaller one, it looks as good as `message_in_line` for the question who is before in line, and is read to its end for each candidate.
DROP INDEX "message_tenant_id_phone_number_id_wamid_key";
CREATE UNIQUE INDEX "message_wamid" ON "message" ("tenant_id", "phone_number_id", "wamid") WHERE "wamid" IS NOT NULL;
