-- A neutralized copy reaches no store.
UPDATE bigcommerce_instance
   SET access_token = NULL,
       active = FALSE;
