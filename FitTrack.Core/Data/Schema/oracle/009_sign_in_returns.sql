-- A sign-in at a provider remembers the account that its member came back with; an account that fed another member scores from a day on.

ALTER TABLE oauth_states ADD external_user_id VARCHAR2(100 CHAR);

ALTER TABLE provider_connections ADD scores_from TIMESTAMP(6) WITH TIME ZONE;
