-- OutboxWorker.RunAsync (MessageStore.TakeDueAsync) and DeliveryRecorder.TryRecordAsync (MessageStore.Delivered), for 200 messages.
BEGIN;
WITH taken AS (
    UPDATE message SET due_at = (extract(epoch FROM now()) * 1000)::bigint + 60000, attempts = attempts + 1
    WHERE tenant_id = 'default' AND message_id IN (
        SELECT message_id FROM message
        WHERE tenant_id = 'default' AND channel = :'channel' AND delivered_at IS NULL AND failed_at IS NULL AND due_at <= (extract(epoch FROM now()) * 1000)::bigint
        ORDER BY due_at
        LIMIT 200
        FOR UPDATE SKIP LOCKED)
    RETURNING message_id, user_id, sealed_content, created_at, expires_at, attempts)
INSERT INTO leased SELECT message_id FROM taken;
COMMIT;
BEGIN;
SELECT format('UPDATE message SET delivered_at = %s, sealed_content = NULL WHERE tenant_id = ''default'' AND message_id = %L',
    (extract(epoch FROM now()) * 1000)::bigint, message_id) FROM leased \gexec
COMMIT;
TRUNCATE leased;
