-- A neutralized copy reaches no store. Whoever connects it to one again, with a token
-- entered anew, reads from it, and has to say that this database may change it.
UPDATE bigcommerce_instance
   SET access_token = NULL,
       connected_on = NULL,
       state = 'draft',
       observe_mode = TRUE,
       database_uuid = CASE
           WHEN database_uuid IS NOT NULL THEN 'neutralized'
       END;

UPDATE bigcommerce_automatic_job
   SET active = FALSE;

-- What waits is done by the original. What has ended stays as it is.
UPDATE bigcommerce_queue_line
   SET state = 'cancelled',
       ended_on = now() AT TIME ZONE 'UTC',
       payload = NULL,
       details = NULL,
       traceback = NULL,
       cause_id = NULL,
       pump_id = NULL
 WHERE state IN ('pending', 'retry', 'blocked', 'running', 'sending', 'unknown');

UPDATE bigcommerce_queue_job
   SET state = 'cancelled',
       ended_on = now() AT TIME ZONE 'UTC',
       pump_id = NULL
 WHERE state IN ('pending', 'discovering', 'running');
