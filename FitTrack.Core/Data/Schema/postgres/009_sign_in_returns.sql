-- A sign-in at a provider remembers the account that its member came back with; an account that fed another member scores from a day on.

ALTER TABLE oauth_states ADD external_user_id varchar(100);

ALTER TABLE provider_connections ADD scores_from timestamptz;
