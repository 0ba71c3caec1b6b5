-- FitTrack on Oracle Database 23ai/26ai: tables, keys, checks, indexes. A released script never changes; add the next number.
-- Unquoted names are UPPER_SNAKE_CASE. Every statement ends with a semicolon at the end of a line.

-- Data ----------------------------------------------------------------------------------------------------------

CREATE TABLE idempotency_keys (
    user_id        VARCHAR2(36)                 NOT NULL,
    key            VARCHAR2(200 CHAR)           NOT NULL,
    request_hash   VARCHAR2(64 CHAR)            NOT NULL,
    status_code    NUMBER(10)                   NOT NULL,
    response_body  CLOB,
    location       VARCHAR2(400 CHAR),
    created_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (user_id, key)
);
COMMENT ON TABLE idempotency_keys IS 'The first answers to requests that spend or create value, kept for a day; a replay gets the same one.';
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);

-- Accounts ------------------------------------------------------------------------------------------------------

CREATE TABLE users (
    id                     VARCHAR2(36)                 NOT NULL,
    email                  VARCHAR2(254 CHAR)           NOT NULL,
    normalized_email       VARCHAR2(254 CHAR)           NOT NULL,
    password_hash          VARCHAR2(100 CHAR)           NOT NULL,
    role                   VARCHAR2(40 CHAR)            NOT NULL,
    status                 VARCHAR2(40 CHAR)            NOT NULL,
    email_verified_at      TIMESTAMP(6) WITH TIME ZONE,
    date_of_birth          DATE                         NOT NULL,
    state                  VARCHAR2(2 CHAR)             NOT NULL,
    security_stamp         VARCHAR2(40 CHAR)            NOT NULL,
    protected_totp_secret  VARCHAR2(800 CHAR),
    two_factor_enabled_at  TIMESTAMP(6) WITH TIME ZONE,
    last_login_at          TIMESTAMP(6) WITH TIME ZONE,
    created_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    activated_at           TIMESTAMP(6) WITH TIME ZONE,
    deleted_at             TIMESTAMP(6) WITH TIME ZONE,
    anonymized_at          TIMESTAMP(6) WITH TIME ZONE,
    version                NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_role CHECK (role IN ('user', 'premium', 'admin')),
    CONSTRAINT ck_users_status CHECK (status IN ('pending', 'active', 'suspended', 'deleted')),
    CONSTRAINT ck_users_version CHECK (version >= 1)
);
COMMENT ON TABLE users IS 'Accounts: sign-in, role, status and what eligibility needs. Deleted accounts keep their row.';
CREATE INDEX ix_users_created_at ON users (created_at);
CREATE INDEX ix_users_status_created_at ON users (status, created_at);
CREATE UNIQUE INDEX ux_users_normalized_email ON users (normalized_email);

CREATE TABLE account_tokens (
    id          VARCHAR2(36)                 NOT NULL,
    user_id     VARCHAR2(36)                 NOT NULL,
    purpose     VARCHAR2(40 CHAR)            NOT NULL,
    token_hash  RAW(32)                      NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    used_at     TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_account_tokens PRIMARY KEY (id),
    CONSTRAINT fk_account_tokens_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_account_tokens_purpose CHECK (purpose IN ('email_verification', 'password_reset'))
);
COMMENT ON TABLE account_tokens IS 'Single-use links for e-mail verification and password reset, by hash.';
CREATE INDEX ix_account_tokens_user_id_purpose ON account_tokens (user_id, purpose);
CREATE UNIQUE INDEX ux_account_tokens_token_hash ON account_tokens (token_hash);

CREATE TABLE audit_head (
    id         NUMBER(10)  NOT NULL,
    seq        NUMBER(19)  NOT NULL,
    last_hash  RAW(32)     NOT NULL,
    CONSTRAINT pk_audit_head PRIMARY KEY (id)
);
COMMENT ON TABLE audit_head IS 'The end of the audit log''s chain, one row.';

CREATE TABLE audit_log (
    seq            NUMBER(19)                   NOT NULL,
    actor_id       VARCHAR2(36),
    action         VARCHAR2(60 CHAR)            NOT NULL,
    subject_kind   VARCHAR2(40 CHAR)            NOT NULL,
    subject_id     VARCHAR2(80 CHAR)            NOT NULL,
    before_state   CLOB,
    after_state    CLOB,
    ip_address     VARCHAR2(45 CHAR),
    created_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    previous_hash  RAW(32)                      NOT NULL,
    entry_hash     RAW(32)                      NOT NULL,
    CONSTRAINT pk_audit_log PRIMARY KEY (seq)
);
COMMENT ON TABLE audit_log IS 'Who did what, before and after; append-only and chained by hashes.';
CREATE INDEX ix_audit_log_actor_id ON audit_log (actor_id);
CREATE INDEX ix_audit_log_created_at ON audit_log (created_at);
CREATE INDEX ix_audit_log_subject_kind_subject_id ON audit_log (subject_kind, subject_id);

CREATE TABLE blocked_addresses (
    address        VARCHAR2(45 CHAR)            NOT NULL,
    reason         VARCHAR2(200 CHAR)           NOT NULL,
    blocked_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    blocked_until  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_blocked_addresses PRIMARY KEY (address)
);
COMMENT ON TABLE blocked_addresses IS 'Network addresses refused for a while after persistent abuse.';
CREATE INDEX ix_blocked_addresses_blocked_until ON blocked_addresses (blocked_until);

CREATE TABLE login_attempts (
    id                VARCHAR2(36)                 NOT NULL,
    normalized_email  VARCHAR2(254 CHAR)           NOT NULL,
    user_id           VARCHAR2(36),
    outcome           VARCHAR2(40 CHAR)            NOT NULL,
    ip_address        VARCHAR2(45 CHAR),
    attempted_at      TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_login_attempts PRIMARY KEY (id),
    CONSTRAINT fk_login_attempts_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_login_attempts_outcome CHECK (outcome IN ('succeeded', 'wrong_password', 'unknown_email', 'wrong_code', 'email_not_verified', 'not_allowed', 'locked'))
);
COMMENT ON TABLE login_attempts IS 'Attempts to sign in by normalised address, whether it is known or not; the lock-out counts them.';
CREATE INDEX ix_login_attempts_attempted_at ON login_attempts (attempted_at);
CREATE INDEX ix_login_attempts_normalized_email_attempted_at ON login_attempts (normalized_email, attempted_at);
CREATE INDEX ix_login_attempts_user_id ON login_attempts (user_id);

CREATE TABLE member_limits (
    user_id                 VARCHAR2(36)                 NOT NULL,
    weekly_spending_limit   NUMBER(10),
    pending_spending_limit  NUMBER(10),
    pending_from            TIMESTAMP(6) WITH TIME ZONE,
    cool_off_until          TIMESTAMP(6) WITH TIME ZONE,
    self_excluded_at        TIMESTAMP(6) WITH TIME ZONE,
    self_excluded_until     TIMESTAMP(6) WITH TIME ZONE,
    updated_at              TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_member_limits PRIMARY KEY (user_id),
    CONSTRAINT fk_member_limits_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_member_limits_pending CHECK (pending_spending_limit >= 0),
    CONSTRAINT ck_member_limits_weekly CHECK (weekly_spending_limit >= 0)
);
COMMENT ON TABLE member_limits IS 'Spending limit, cool-off and self-exclusion that a member set for themselves.';

CREATE TABLE profiles (
    user_id                  VARCHAR2(36)                 NOT NULL,
    display_name             VARCHAR2(30 CHAR)            NOT NULL,
    normalized_display_name  VARCHAR2(60 CHAR)            NOT NULL,
    biological_sex           VARCHAR2(40 CHAR),
    fitness_level            VARCHAR2(40 CHAR)            NOT NULL,
    time_zone                VARCHAR2(64 CHAR)            NOT NULL,
    open_tier_opt_in         BOOLEAN                      NOT NULL,
    visibility               VARCHAR2(40 CHAR)            NOT NULL,
    show_tier                BOOLEAN                      NOT NULL,
    show_points              BOOLEAN                      NOT NULL,
    show_badges              BOOLEAN                      NOT NULL,
    show_rank                BOOLEAN                      NOT NULL,
    tier_code                VARCHAR2(11 CHAR)            NOT NULL,
    tier_changed_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    declared_at              TIMESTAMP(6) WITH TIME ZONE,
    created_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_profiles PRIMARY KEY (user_id),
    CONSTRAINT fk_profiles_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_profiles_biological_sex CHECK (biological_sex IN ('male', 'female')),
    CONSTRAINT ck_profiles_fitness_level CHECK (fitness_level IN ('beginner', 'intermediate', 'advanced')),
    CONSTRAINT ck_profiles_visibility CHECK (visibility IN ('public', 'hidden'))
);
COMMENT ON TABLE profiles IS 'What a member says about themselves, their tier now, and what others may see.';
CREATE INDEX ix_profiles_tier_code ON profiles (tier_code);
CREATE UNIQUE INDEX ux_profiles_normalized_display_name ON profiles (normalized_display_name);

CREATE TABLE recovery_codes (
    id          VARCHAR2(36)                 NOT NULL,
    user_id     VARCHAR2(36)                 NOT NULL,
    code_hash   RAW(32)                      NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    used_at     TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (id),
    CONSTRAINT fk_recovery_codes_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE recovery_codes IS 'Single-use codes that replace the second factor, by hash.';
CREATE UNIQUE INDEX ux_recovery_codes_user_id_code_hash ON recovery_codes (user_id, code_hash);

CREATE TABLE user_sessions (
    id            VARCHAR2(36)                 NOT NULL,
    user_id       VARCHAR2(36)                 NOT NULL,
    ip_address    VARCHAR2(45 CHAR),
    user_agent    VARCHAR2(300 CHAR),
    created_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    last_used_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    revoked_at    TIMESTAMP(6) WITH TIME ZONE,
    revoked_for   VARCHAR2(40 CHAR),
    CONSTRAINT pk_user_sessions PRIMARY KEY (id),
    CONSTRAINT fk_user_sessions_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_user_sessions_revoked_for CHECK (revoked_for IN ('signed_out', 'signed_out_everywhere', 'token_reused', 'password_changed', 'account_closed'))
);
COMMENT ON TABLE user_sessions IS 'One sign-in on one device; revoking it ends its access and refresh tokens.';
CREATE INDEX ix_user_sessions_revoked_at ON user_sessions (revoked_at);
CREATE INDEX ix_user_sessions_user_id_created_at ON user_sessions (user_id, created_at);

CREATE TABLE refresh_tokens (
    id                VARCHAR2(36)                 NOT NULL,
    session_id        VARCHAR2(36)                 NOT NULL,
    token_hash        RAW(32)                      NOT NULL,
    created_at        TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at        TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    used_at           TIMESTAMP(6) WITH TIME ZONE,
    sealed_successor  RAW(64),
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
    CONSTRAINT fk_refresh_tokens_session_id FOREIGN KEY (session_id) REFERENCES user_sessions (id)
);
COMMENT ON TABLE refresh_tokens IS 'Refresh tokens by hash; the session is their family, revoked as a whole when one is reused.';
CREATE INDEX ix_refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE UNIQUE INDEX ux_refresh_tokens_token_hash ON refresh_tokens (token_hash);

CREATE TABLE signing_keys (
    kid                    VARCHAR2(43 CHAR)            NOT NULL,
    serial                 NUMBER(10)                   NOT NULL,
    algorithm              VARCHAR2(10 CHAR)            NOT NULL,
    public_jwk             VARCHAR2(1000 CHAR)          NOT NULL,
    protected_private_key  BLOB                         NOT NULL,
    created_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    valid_from             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    valid_to               TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_signing_keys PRIMARY KEY (kid)
);
COMMENT ON TABLE signing_keys IS 'RSA keys that sign access tokens; private halves are protected.';
CREATE UNIQUE INDEX ux_signing_keys_serial ON signing_keys (serial);

CREATE TABLE tier_history (
    user_id      VARCHAR2(36)                 NOT NULL,
    from_day     DATE                         NOT NULL,
    tier_code    VARCHAR2(11 CHAR)            NOT NULL,
    recorded_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_tier_history PRIMARY KEY (user_id, from_day),
    CONSTRAINT fk_tier_history_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE tier_history IS 'From which competition day on a member''s tier counts.';

-- Messaging -----------------------------------------------------------------------------------------------------

CREATE TABLE leases (
    name        VARCHAR2(100 CHAR)           NOT NULL,
    owner       VARCHAR2(100 CHAR)           NOT NULL,
    expires_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    fencing     NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_leases PRIMARY KEY (name)
);
COMMENT ON TABLE leases IS 'Named jobs that one process at a time may do, with owner, expiry and fencing number.';

CREATE TABLE worker_heartbeats (
    worker_id   VARCHAR2(100 CHAR)           NOT NULL,
    version     VARCHAR2(50 CHAR)            NOT NULL,
    started_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    seen_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_worker_heartbeats PRIMARY KEY (worker_id)
);
COMMENT ON TABLE worker_heartbeats IS 'Signs of life of the worker processes; old ones are removed.';

-- Trackers ------------------------------------------------------------------------------------------------------

CREATE TABLE oauth_states (
    state_hash               VARCHAR2(64 CHAR)            NOT NULL,
    user_id                  VARCHAR2(36)                 NOT NULL,
    provider                 VARCHAR2(30 CHAR)            NOT NULL,
    protected_code_verifier  VARCHAR2(1000 CHAR),
    created_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    used_at                  TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_oauth_states PRIMARY KEY (state_hash),
    CONSTRAINT fk_oauth_states_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE oauth_states IS 'Sign-ins at providers that were begun here; single use.';
CREATE INDEX ix_oauth_states_expires_at ON oauth_states (expires_at);
CREATE INDEX ix_oauth_states_user_id ON oauth_states (user_id);

CREATE TABLE provider_connections (
    id                       VARCHAR2(36)                 NOT NULL,
    user_id                  VARCHAR2(36)                 NOT NULL,
    service                  VARCHAR2(40 CHAR)            NOT NULL,
    provider                 VARCHAR2(30 CHAR)            NOT NULL,
    external_user_id         VARCHAR2(100 CHAR)           NOT NULL,
    status                   VARCHAR2(40 CHAR)            NOT NULL,
    primary_of_user_id       VARCHAR2(36),
    connected_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    disconnected_at          TIMESTAMP(6) WITH TIME ZONE,
    last_sync_at             TIMESTAMP(6) WITH TIME ZONE,
    next_sync_at             TIMESTAMP(6) WITH TIME ZONE,
    last_error               VARCHAR2(500 CHAR),
    scopes                   VARCHAR2(1000 CHAR),
    protected_access_token   CLOB,
    protected_refresh_token  CLOB,
    token_expires_at         TIMESTAMP(6) WITH TIME ZONE,
    created_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_provider_connections PRIMARY KEY (id),
    CONSTRAINT fk_provider_connections_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_provider_connections_primary CHECK (primary_of_user_id IS NULL OR primary_of_user_id = user_id),
    CONSTRAINT ck_provider_connections_service CHECK (service IN ('terra', 'strava', 'hevy', 'google')),
    CONSTRAINT ck_provider_connections_status CHECK (status IN ('pending', 'connected', 'needs_reconnect', 'error', 'disconnected'))
);
COMMENT ON TABLE provider_connections IS 'Members'' accounts at tracker and calendar providers; tokens are encrypted.';
CREATE INDEX ix_provider_connections_next_sync_at ON provider_connections (next_sync_at);
CREATE UNIQUE INDEX ux_provider_connections_primary_of_user_id ON provider_connections (primary_of_user_id);
CREATE UNIQUE INDEX ux_provider_connections_service_external_user_id ON provider_connections (service, external_user_id);
CREATE UNIQUE INDEX ux_provider_connections_user_id_provider ON provider_connections (user_id, provider);

CREATE TABLE primary_trackers (
    user_id        VARCHAR2(36)                 NOT NULL,
    from_day       DATE                         NOT NULL,
    connection_id  VARCHAR2(36),
    updated_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_primary_trackers PRIMARY KEY (user_id, from_day),
    CONSTRAINT fk_primary_trackers_connection_id FOREIGN KEY (connection_id) REFERENCES provider_connections (id),
    CONSTRAINT fk_primary_trackers_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE primary_trackers IS 'From which competition day on a member''s steps and minutes come from which connection.';
CREATE INDEX ix_primary_trackers_connection_id ON primary_trackers (connection_id);

CREATE TABLE provider_rate_windows (
    service           VARCHAR2(40 CHAR)            NOT NULL,
    subject           VARCHAR2(100 CHAR)           NOT NULL,
    window_seconds    NUMBER(10)                   NOT NULL,
    window_start      TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    used              NUMBER(10)                   NOT NULL,
    allowed_requests  NUMBER(10)                   NOT NULL,
    blocked_until     TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_provider_rate_windows PRIMARY KEY (service, subject, window_seconds),
    CONSTRAINT ck_provider_rate_windows_service CHECK (service IN ('terra', 'strava', 'hevy', 'google'))
);
COMMENT ON TABLE provider_rate_windows IS 'Requests made to providers in their rate windows.';

CREATE TABLE sync_jobs (
    id             VARCHAR2(36)                 NOT NULL,
    connection_id  VARCHAR2(36)                 NOT NULL,
    full_sync      BOOLEAN                      NOT NULL,
    due_at         TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    requested_at   TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    by_member      BOOLEAN                      NOT NULL,
    attempts       NUMBER(10)                   NOT NULL,
    last_error     VARCHAR2(500 CHAR),
    completed_at   TIMESTAMP(6) WITH TIME ZONE,
    lease_owner    VARCHAR2(120 CHAR),
    lease_until    TIMESTAMP(6) WITH TIME ZONE,
    fencing        NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_sync_jobs PRIMARY KEY (id),
    CONSTRAINT fk_sync_jobs_connection_id FOREIGN KEY (connection_id) REFERENCES provider_connections (id)
);
COMMENT ON TABLE sync_jobs IS 'Synchronisations that are due, running or done.';
CREATE INDEX ix_sync_jobs_completed_at_due_at ON sync_jobs (completed_at, due_at);
CREATE INDEX ix_sync_jobs_connection_id ON sync_jobs (connection_id);

CREATE TABLE sync_metadata (
    connection_id    VARCHAR2(36)                 NOT NULL,
    data_kind        VARCHAR2(40 CHAR)            NOT NULL,
    last_success_at  TIMESTAMP(6) WITH TIME ZONE,
    resume_from      VARCHAR2(400 CHAR),
    items_seen       NUMBER(10)                   NOT NULL,
    updated_at       TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_sync_metadata PRIMARY KEY (connection_id, data_kind),
    CONSTRAINT fk_sync_metadata_connection_id FOREIGN KEY (connection_id) REFERENCES provider_connections (id)
);
COMMENT ON TABLE sync_metadata IS 'How far each connection''s data has been read.';

CREATE TABLE webhook_messages (
    id                VARCHAR2(36)                 NOT NULL,
    service           VARCHAR2(40 CHAR)            NOT NULL,
    delivery_id       VARCHAR2(200 CHAR)           NOT NULL,
    event_type        VARCHAR2(60 CHAR),
    external_user_id  VARCHAR2(100 CHAR),
    body              CLOB                         NOT NULL,
    ordered_at        TIMESTAMP(6) WITH TIME ZONE,
    received_at       TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    status            VARCHAR2(40 CHAR)            NOT NULL,
    attempts          NUMBER(10)                   NOT NULL,
    next_attempt_at   TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    error             VARCHAR2(500 CHAR),
    processed_at      TIMESTAMP(6) WITH TIME ZONE,
    lease_owner       VARCHAR2(120 CHAR),
    lease_until       TIMESTAMP(6) WITH TIME ZONE,
    fencing           NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_webhook_messages PRIMARY KEY (id),
    CONSTRAINT ck_webhook_messages_service CHECK (service IN ('terra', 'strava', 'hevy', 'google')),
    CONSTRAINT ck_webhook_messages_status CHECK (status IN ('pending', 'processed', 'ignored', 'failed'))
);
COMMENT ON TABLE webhook_messages IS 'Providers'' messages as they came, with the state of their processing.';
CREATE INDEX ix_webhook_messages_external_user_id ON webhook_messages (external_user_id);
CREATE INDEX ix_webhook_messages_status_next_attempt_at_id ON webhook_messages (status, next_attempt_at, id);
CREATE UNIQUE INDEX ux_webhook_messages_service_delivery_id ON webhook_messages (service, delivery_id);

-- Activities ----------------------------------------------------------------------------------------------------

CREATE TABLE activities (
    id                  VARCHAR2(36)                 NOT NULL,
    user_id             VARCHAR2(36)                 NOT NULL,
    connection_id       VARCHAR2(36),
    source              VARCHAR2(30 CHAR)            NOT NULL,
    natural_id          VARCHAR2(120 CHAR)           NOT NULL,
    kind                VARCHAR2(40 CHAR)            NOT NULL,
    sport               VARCHAR2(40 CHAR),
    title               VARCHAR2(200 CHAR),
    started_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    ended_at            TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    competition_day     DATE                         NOT NULL,
    light_seconds       NUMBER(10)                   NOT NULL,
    moderate_seconds    NUMBER(10)                   NOT NULL,
    vigorous_seconds    NUMBER(10)                   NOT NULL,
    intensity_inferred  BOOLEAN                      NOT NULL,
    length_seconds      NUMBER(10)                   NOT NULL,
    steps               NUMBER(10),
    distance_meters     BINARY_DOUBLE,
    average_heart_rate  BINARY_DOUBLE,
    provenance          VARCHAR2(40 CHAR)            NOT NULL,
    status              VARCHAR2(40 CHAR)            NOT NULL,
    admission           VARCHAR2(40 CHAR)            NOT NULL,
    decision            VARCHAR2(40 CHAR)            NOT NULL,
    duplicate_of_id     VARCHAR2(36),
    points              NUMBER(10)                   NOT NULL,
    revision            NUMBER(10)                   NOT NULL,
    receipt_version     NUMBER(10)                   NOT NULL,
    accepted_at         TIMESTAMP(6) WITH TIME ZONE,
    hidden_at           TIMESTAMP(6) WITH TIME ZONE,
    version_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    message_id          VARCHAR2(36),
    metrics             CLOB,
    created_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_activities PRIMARY KEY (id),
    CONSTRAINT fk_activities_connection_id FOREIGN KEY (connection_id) REFERENCES provider_connections (id),
    CONSTRAINT fk_activities_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_activities_admission CHECK (admission IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'deleted')),
    CONSTRAINT ck_activities_decision CHECK (decision IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'deleted')),
    CONSTRAINT ck_activities_kind CHECK (kind IN ('workout', 'steps', 'active_minutes')),
    CONSTRAINT ck_activities_measures CHECK (distance_meters >= 0 AND average_heart_rate >= 0),
    CONSTRAINT ck_activities_points CHECK (points >= 0),
    CONSTRAINT ck_activities_provenance CHECK (provenance IN ('device', 'provider_manual', 'manual', 'imported')),
    CONSTRAINT ck_activities_seconds CHECK (light_seconds >= 0 AND moderate_seconds >= 0 AND vigorous_seconds >= 0 AND length_seconds >= 0),
    CONSTRAINT ck_activities_status CHECK (status IN ('accepted', 'rejected', 'duplicate', 'deleted')),
    CONSTRAINT ck_activities_steps CHECK (steps IS NULL OR steps >= 0)
);
COMMENT ON TABLE activities IS 'Workouts, daily steps and daily active minutes, one row per thing and source.';
CREATE INDEX ix_activities_connection_id ON activities (connection_id);
CREATE INDEX ix_activities_user_id_competition_day ON activities (user_id, competition_day);
CREATE UNIQUE INDEX ux_activities_natural_id_source ON activities (natural_id, source);

CREATE TABLE activity_receipts (
    activity_id              VARCHAR2(36)                 NOT NULL,
    version                  NUMBER(10)                   NOT NULL,
    revision                 NUMBER(10)                   NOT NULL,
    competition_day          DATE                         NOT NULL,
    kind                     VARCHAR2(40 CHAR)            NOT NULL,
    decision                 VARCHAR2(40 CHAR)            NOT NULL,
    cause                    VARCHAR2(200 CHAR)           NOT NULL,
    points                   NUMBER(10)                   NOT NULL,
    points_change            NUMBER(10)                   NOT NULL,
    tier_code                VARCHAR2(11 CHAR),
    rate_version             VARCHAR2(20 CHAR),
    multiplier_tenths        NUMBER(10),
    before_light_seconds     NUMBER(10)                   NOT NULL,
    before_moderate_seconds  NUMBER(10)                   NOT NULL,
    before_vigorous_seconds  NUMBER(10)                   NOT NULL,
    before_steps             NUMBER(10)                   NOT NULL,
    before_bonuses           NUMBER(10)                   NOT NULL,
    after_light_seconds      NUMBER(10)                   NOT NULL,
    after_moderate_seconds   NUMBER(10)                   NOT NULL,
    after_vigorous_seconds   NUMBER(10)                   NOT NULL,
    after_steps              NUMBER(10)                   NOT NULL,
    after_bonuses            NUMBER(10)                   NOT NULL,
    created_at               TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_activity_receipts PRIMARY KEY (activity_id, version),
    CONSTRAINT fk_activity_receipts_activity_id FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT ck_activity_receipts_decision CHECK (decision IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'deleted')),
    CONSTRAINT ck_activity_receipts_kind CHECK (kind IN ('no_points', 'award', 'division', 'held')),
    CONSTRAINT ck_activity_receipts_version CHECK (version > 0)
);
COMMENT ON TABLE activity_receipts IS 'How each activity''s points came about; the newest version holds, the older ones stay.';

CREATE TABLE activity_reviews (
    id                 VARCHAR2(36)                 NOT NULL,
    activity_id        VARCHAR2(36)                 NOT NULL,
    activity_revision  NUMBER(10)                   NOT NULL,
    user_id            VARCHAR2(36)                 NOT NULL,
    rule               VARCHAR2(60 CHAR)            NOT NULL,
    evidence           CLOB                         NOT NULL,
    status             VARCHAR2(40 CHAR)            NOT NULL,
    opened_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    decided_by         VARCHAR2(36),
    decided_at         TIMESTAMP(6) WITH TIME ZONE,
    decision_reason    VARCHAR2(500 CHAR),
    appeal             VARCHAR2(1000 CHAR),
    appealed_at        TIMESTAMP(6) WITH TIME ZONE,
    version            NUMBER(10)                   NOT NULL,
    CONSTRAINT pk_activity_reviews PRIMARY KEY (id),
    CONSTRAINT fk_activity_reviews_activity_id FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT fk_activity_reviews_decided_by FOREIGN KEY (decided_by) REFERENCES users (id),
    CONSTRAINT fk_activity_reviews_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_activity_reviews_appealed CHECK (status <> 'appealed' OR (appeal IS NOT NULL AND appealed_at IS NOT NULL)),
    CONSTRAINT ck_activity_reviews_decided CHECK (status NOT IN ('cleared', 'rejected') OR (decided_by IS NOT NULL AND decided_at IS NOT NULL AND decision_reason IS NOT NULL)),
    CONSTRAINT ck_activity_reviews_status CHECK (status IN ('open', 'cleared', 'rejected', 'appealed'))
);
COMMENT ON TABLE activity_reviews IS 'Reviews of activities that crossed a soft limit, with evidence, decision and appeal.';
CREATE INDEX ix_activity_reviews_decided_by ON activity_reviews (decided_by);
CREATE INDEX ix_activity_reviews_status_opened_at ON activity_reviews (status, opened_at);
CREATE INDEX ix_activity_reviews_user_id ON activity_reviews (user_id);
CREATE UNIQUE INDEX ux_activity_reviews_activity_id_activity_revision_rule ON activity_reviews (activity_id, activity_revision, rule);

-- Points --------------------------------------------------------------------------------------------------------

CREATE TABLE ledger_roots (
    competition_day  DATE                         NOT NULL,
    cutoff_at        TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    members          NUMBER(10)                   NOT NULL,
    root_hash        RAW(32)                      NOT NULL,
    published_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_ledger_roots PRIMARY KEY (competition_day)
);
COMMENT ON TABLE ledger_roots IS 'The root over all members'' last ledger hashes at the end of each competition day.';

CREATE TABLE point_balances (
    user_id          VARCHAR2(36)  NOT NULL,
    balance          NUMBER(19)    NOT NULL,
    earned_total     NUMBER(19)    NOT NULL,
    seq              NUMBER(19)    NOT NULL,
    last_hash        RAW(32)       NOT NULL,
    scoring_version  NUMBER(19)    NOT NULL,
    CONSTRAINT pk_point_balances PRIMARY KEY (user_id),
    CONSTRAINT fk_point_balances_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_point_balances_seq CHECK (seq >= 0)
);
COMMENT ON TABLE point_balances IS 'Each member''s points after their last ledger row; moves by compare-and-swap on seq.';

CREATE TABLE point_days (
    user_id                VARCHAR2(36)                 NOT NULL,
    competition_day        DATE                         NOT NULL,
    tier_code              VARCHAR2(11 CHAR)            NOT NULL,
    rate_version           VARCHAR2(20 CHAR)            NOT NULL,
    multiplier_tenths      NUMBER(10)                   NOT NULL,
    light_seconds          NUMBER(19)                   NOT NULL,
    moderate_seconds       NUMBER(19)                   NOT NULL,
    vigorous_seconds       NUMBER(19)                   NOT NULL,
    steps                  NUMBER(19)                   NOT NULL,
    bonuses                NUMBER(10)                   NOT NULL,
    total                  NUMBER(10)                   NOT NULL,
    held_correction        NUMBER(10)                   NOT NULL,
    summary_connection_id  VARCHAR2(36),
    updated_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_point_days PRIMARY KEY (user_id, competition_day),
    CONSTRAINT fk_point_days_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_point_days_held CHECK (held_correction <= 0),
    CONSTRAINT ck_point_days_total CHECK (total >= 0)
);
COMMENT ON TABLE point_days IS 'What each member''s competition day has earned, with the tier and rates of its midnight.';

CREATE TABLE point_transactions (
    id              VARCHAR2(36)                 NOT NULL,
    user_id         VARCHAR2(36)                 NOT NULL,
    seq             NUMBER(19)                   NOT NULL,
    type            VARCHAR2(40 CHAR)            NOT NULL,
    amount          NUMBER(19)                   NOT NULL,
    balance_after   NUMBER(19)                   NOT NULL,
    reference_kind  VARCHAR2(20 CHAR)            NOT NULL,
    reference_key   VARCHAR2(100 CHAR)           NOT NULL,
    reason          VARCHAR2(300 CHAR)           NOT NULL,
    earned_on       DATE,
    rate_version    VARCHAR2(20 CHAR),
    created_at      TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    hash            RAW(32)                      NOT NULL,
    CONSTRAINT pk_point_transactions PRIMARY KEY (id),
    CONSTRAINT fk_point_transactions_user_id FOREIGN KEY (user_id) REFERENCES point_balances (user_id),
    CONSTRAINT ck_point_transactions_earned CHECK (type <> 'earn' OR (earned_on IS NOT NULL AND rate_version IS NOT NULL)),
    CONSTRAINT ck_point_transactions_seq CHECK (seq > 0),
    CONSTRAINT ck_point_transactions_sign CHECK ((type IN ('earn', 'refund') AND amount > 0) OR (type = 'spend' AND amount < 0) OR (type = 'adjust' AND amount <> 0)),
    CONSTRAINT ck_point_transactions_type CHECK (type IN ('earn', 'spend', 'adjust', 'refund'))
);
COMMENT ON TABLE point_transactions IS 'Append-only ledger of points; each row is chained to the member''s previous one by its hash.';
CREATE UNIQUE INDEX ux_point_transactions_user_id_reference_kind_reference_key ON point_transactions (user_id, reference_kind, reference_key);
CREATE UNIQUE INDEX ux_point_transactions_user_id_seq ON point_transactions (user_id, seq);

-- Leaderboards --------------------------------------------------------------------------------------------------

CREATE TABLE badges (
    code         VARCHAR2(50 CHAR)   NOT NULL,
    name         VARCHAR2(100 CHAR)  NOT NULL,
    description  VARCHAR2(500 CHAR)  NOT NULL,
    CONSTRAINT pk_badges PRIMARY KEY (code)
);
COMMENT ON TABLE badges IS 'The badges there are; their rules are code.';

CREATE TABLE leaderboard_scores (
    user_id       VARCHAR2(36)                 NOT NULL,
    period_kind   VARCHAR2(40 CHAR)            NOT NULL,
    period_start  DATE                         NOT NULL,
    tier_code     VARCHAR2(20 CHAR)            NOT NULL,
    points        NUMBER(19)                   NOT NULL,
    reached_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_leaderboard_scores PRIMARY KEY (user_id, period_kind, period_start),
    CONSTRAINT fk_leaderboard_scores_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_leaderboard_scores_period_kind CHECK (period_kind IN ('daily', 'weekly', 'monthly', 'alltime'))
);
COMMENT ON TABLE leaderboard_scores IS 'Points of each member in each day, week, month and all time; written with the ledger.';
CREATE INDEX ix_leaderboard_scores_period_kind_period_start_tier_co_ab6be265 ON leaderboard_scores (period_kind, period_start, tier_code, points DESC, reached_at, user_id);

CREATE TABLE streaks (
    user_id          VARCHAR2(36)                 NOT NULL,
    current_weeks    NUMBER(10)                   NOT NULL,
    longest_weeks    NUMBER(10)                   NOT NULL,
    last_week_start  DATE,
    freezes_left     NUMBER(10)                   NOT NULL,
    updated_at       TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_streaks PRIMARY KEY (user_id),
    CONSTRAINT fk_streaks_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_streaks_current_weeks CHECK (current_weeks >= 0 AND longest_weeks >= current_weeks AND freezes_left >= 0)
);
COMMENT ON TABLE streaks IS 'Weekly streaks of the members.';

CREATE TABLE user_badges (
    user_id     VARCHAR2(36)                 NOT NULL,
    badge_code  VARCHAR2(50 CHAR)            NOT NULL,
    earned_at   TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    earned_on   DATE                         NOT NULL,
    CONSTRAINT pk_user_badges PRIMARY KEY (user_id, badge_code),
    CONSTRAINT fk_user_badges_badge_code FOREIGN KEY (badge_code) REFERENCES badges (code),
    CONSTRAINT fk_user_badges_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE user_badges IS 'Badges given to members, each once.';
CREATE INDEX ix_user_badges_badge_code ON user_badges (badge_code);

-- Drawings ------------------------------------------------------------------------------------------------------

CREATE TABLE draw_keys (
    key_id              VARCHAR2(64 CHAR)            NOT NULL,
    x                   VARCHAR2(64 CHAR)            NOT NULL,
    y                   VARCHAR2(64 CHAR)            NOT NULL,
    sealed_private_key  VARCHAR2(1000 CHAR)          NOT NULL,
    created_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    retired_at          TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_draw_keys PRIMARY KEY (key_id)
);
COMMENT ON TABLE draw_keys IS 'Keys that drawing manifests are signed with; public halves stay published for good.';

CREATE TABLE drawing_rules (
    version       NUMBER(10)                   NOT NULL,
    text          CLOB                         NOT NULL,
    published_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_drawing_rules PRIMARY KEY (version)
);
COMMENT ON TABLE drawing_rules IS 'Versions of the official sweepstakes rules.';

CREATE TABLE drawing_templates (
    id                          VARCHAR2(36)                 NOT NULL,
    name                        VARCHAR2(120 CHAR)           NOT NULL,
    type                        VARCHAR2(40 CHAR)            NOT NULL,
    entropy                     VARCHAR2(40 CHAR)            NOT NULL,
    draw_minute_of_day          NUMBER(10)                   NOT NULL,
    opens_minutes_before        NUMBER(10)                   NOT NULL,
    sales_close_minutes_before  NUMBER(10)                   NOT NULL,
    create_days_ahead           NUMBER(10)                   NOT NULL,
    terms_json                  CLOB                         NOT NULL,
    is_active                   BOOLEAN                      NOT NULL,
    created_at                  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at                  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    version                     NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_drawing_templates PRIMARY KEY (id),
    CONSTRAINT ck_drawing_templates_entropy CHECK (entropy IN ('drand', 'commit')),
    CONSTRAINT ck_drawing_templates_type CHECK (type IN ('daily', 'weekly', 'monthly', 'annual'))
);
COMMENT ON TABLE drawing_templates IS 'What the daily, weekly, monthly and annual drawings are made from.';
CREATE UNIQUE INDEX ux_drawing_templates_name ON drawing_templates (name);

CREATE TABLE drawings (
    id                        VARCHAR2(36)                 NOT NULL,
    name                      VARCHAR2(120 CHAR)           NOT NULL,
    description               CLOB,
    image_url                 VARCHAR2(500 CHAR),
    type                      VARCHAR2(40 CHAR)            NOT NULL,
    status                    VARCHAR2(40 CHAR)            NOT NULL,
    entropy                   VARCHAR2(40 CHAR)            NOT NULL,
    chain_hash                VARCHAR2(64 CHAR),
    round                     NUMBER(19),
    commitment                VARCHAR2(64 CHAR),
    sealed_seed               VARCHAR2(500 CHAR),
    opens_at                  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    sales_close_at            TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    draw_at                   TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    ticket_price              NUMBER(10)                   NOT NULL,
    max_tickets_per_purchase  NUMBER(10)                   NOT NULL,
    max_tickets_per_member    NUMBER(10)                   NOT NULL,
    free_entries_per_member   NUMBER(10)                   NOT NULL,
    alternates                NUMBER(10)                   NOT NULL,
    eligible_users            VARCHAR2(40 CHAR)            NOT NULL,
    min_account_age_days      NUMBER(10)                   NOT NULL,
    min_age                   NUMBER(10)                   NOT NULL,
    rules_version             NUMBER(10)                   NOT NULL,
    template_id               VARCHAR2(36),
    template_key              VARCHAR2(60 CHAR),
    paid_tickets              NUMBER(19),
    free_tickets              NUMBER(19),
    scheduled_at              TIMESTAMP(6) WITH TIME ZONE,
    opened_at                 TIMESTAMP(6) WITH TIME ZONE,
    closed_at                 TIMESTAMP(6) WITH TIME ZONE,
    completed_at              TIMESTAMP(6) WITH TIME ZONE,
    cancelled_at              TIMESTAMP(6) WITH TIME ZONE,
    cancel_reason             VARCHAR2(300 CHAR),
    held_up_by                VARCHAR2(300 CHAR),
    created_by                VARCHAR2(36),
    created_at                TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at                TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    version                   NUMBER(19)                   NOT NULL,
    lease_owner               VARCHAR2(120 CHAR),
    lease_until               TIMESTAMP(6) WITH TIME ZONE,
    fencing                   NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_drawings PRIMARY KEY (id),
    CONSTRAINT fk_drawings_created_by FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT fk_drawings_rules_version FOREIGN KEY (rules_version) REFERENCES drawing_rules (version),
    CONSTRAINT fk_drawings_template_id FOREIGN KEY (template_id) REFERENCES drawing_templates (id),
    CONSTRAINT ck_drawings_cancelled CHECK (status <> 'cancelled' OR (cancelled_at IS NOT NULL AND cancel_reason IS NOT NULL)),
    CONSTRAINT ck_drawings_completed CHECK (status <> 'completed' OR (completed_at IS NOT NULL AND paid_tickets IS NOT NULL AND free_tickets IS NOT NULL)),
    CONSTRAINT ck_drawings_eligible_users CHECK (eligible_users IN ('all', 'user', 'premium')),
    CONSTRAINT ck_drawings_entropy CHECK (entropy IN ('drand', 'commit')),
    CONSTRAINT ck_drawings_limits CHECK (ticket_price > 0 AND max_tickets_per_purchase BETWEEN 1 AND 100 AND max_tickets_per_member > 0 AND free_entries_per_member > 0 AND alternates >= 0),
    CONSTRAINT ck_drawings_status CHECK (status IN ('draft', 'scheduled', 'open', 'closed', 'completed', 'cancelled')),
    CONSTRAINT ck_drawings_times CHECK (opens_at < sales_close_at AND sales_close_at < draw_at),
    CONSTRAINT ck_drawings_type CHECK (type IN ('daily', 'weekly', 'monthly', 'annual'))
);
COMMENT ON TABLE drawings IS 'Sweepstakes drawings with their states, terms and entropy source.';
CREATE INDEX ix_drawings_created_by ON drawings (created_by);
CREATE INDEX ix_drawings_rules_version ON drawings (rules_version);
CREATE INDEX ix_drawings_status_draw_at ON drawings (status, draw_at);
CREATE INDEX ix_drawings_template_id ON drawings (template_id);
CREATE UNIQUE INDEX ux_drawings_template_key ON drawings (template_key);

CREATE TABLE drawing_entrants (
    drawing_id     VARCHAR2(36)                 NOT NULL,
    user_id        VARCHAR2(36)                 NOT NULL,
    paid_tickets   NUMBER(10)                   NOT NULL,
    free_entries   NUMBER(10)                   NOT NULL,
    salt           RAW(32),
    rules_version  NUMBER(10)                   NOT NULL,
    entered_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    refunded_at    TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_drawing_entrants PRIMARY KEY (drawing_id, user_id),
    CONSTRAINT fk_drawing_entrants_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_drawing_entrants_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_drawing_entrants_counts CHECK (paid_tickets >= 0 AND free_entries >= 0 AND paid_tickets + free_entries > 0)
);
COMMENT ON TABLE drawing_entrants IS 'A member in a drawing: what counts against the limits, and the salt of the member''s pseudonym.';
CREATE INDEX ix_drawing_entrants_user_id ON drawing_entrants (user_id);

CREATE TABLE drawing_gates (
    drawing_id      VARCHAR2(36)                 NOT NULL,
    gate            NUMBER(10)                   NOT NULL,
    sold            NUMBER(19)                   NOT NULL,
    is_open         BOOLEAN                      NOT NULL,
    sales_close_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_drawing_gates PRIMARY KEY (drawing_id, gate),
    CONSTRAINT fk_drawing_gates_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT ck_drawing_gates_sold CHECK (sold >= 0 AND gate BETWEEN 0 AND 63)
);
COMMENT ON TABLE drawing_gates IS '64 counters a drawing that every entry passes; the sum of sold is the number of tickets.';

CREATE TABLE sponsors (
    id             VARCHAR2(36)                 NOT NULL,
    name           VARCHAR2(120 CHAR)           NOT NULL,
    contact_email  VARCHAR2(254 CHAR),
    website_url    VARCHAR2(500 CHAR),
    logo_url       VARCHAR2(500 CHAR),
    notes          VARCHAR2(1000 CHAR),
    created_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    version        NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_sponsors PRIMARY KEY (id)
);
COMMENT ON TABLE sponsors IS 'Who gives prizes.';
CREATE UNIQUE INDEX ux_sponsors_name ON sponsors (name);

CREATE TABLE drawing_prizes (
    id           VARCHAR2(36)        NOT NULL,
    drawing_id   VARCHAR2(36)        NOT NULL,
    rank         NUMBER(10)          NOT NULL,
    name         VARCHAR2(120 CHAR)  NOT NULL,
    description  CLOB,
    quantity     NUMBER(10)          NOT NULL,
    value_cents  NUMBER(19)          NOT NULL,
    kind         VARCHAR2(40 CHAR)   NOT NULL,
    sponsor_id   VARCHAR2(36),
    image_url    VARCHAR2(500 CHAR),
    CONSTRAINT pk_drawing_prizes PRIMARY KEY (id),
    CONSTRAINT fk_drawing_prizes_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_drawing_prizes_sponsor_id FOREIGN KEY (sponsor_id) REFERENCES sponsors (id),
    CONSTRAINT ck_drawing_prizes_kind CHECK (kind IN ('physical', 'digital')),
    CONSTRAINT ck_drawing_prizes_numbers CHECK (rank >= 1 AND quantity >= 1 AND value_cents >= 0)
);
COMMENT ON TABLE drawing_prizes IS 'What can be won in a drawing, by rank.';
CREATE INDEX ix_drawing_prizes_sponsor_id ON drawing_prizes (sponsor_id);
CREATE UNIQUE INDEX ux_drawing_prizes_drawing_id_rank ON drawing_prizes (drawing_id, rank);

CREATE TABLE drawing_proofs (
    drawing_id        VARCHAR2(36)                 NOT NULL,
    manifest          CLOB                         NOT NULL,
    manifest_hash     VARCHAR2(64 CHAR)            NOT NULL,
    signature         VARCHAR2(100 CHAR)           NOT NULL,
    key_id            VARCHAR2(64 CHAR)            NOT NULL,
    rules_text        CLOB                         NOT NULL,
    published_at      TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    timestamp_token   BLOB,
    randomness        VARCHAR2(64 CHAR),
    beacon_signature  VARCHAR2(192 CHAR),
    server_seed       VARCHAR2(64 CHAR),
    draw_seed         VARCHAR2(64 CHAR),
    drawn_at          TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_drawing_proofs PRIMARY KEY (drawing_id),
    CONSTRAINT fk_drawing_proofs_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_drawing_proofs_key_id FOREIGN KEY (key_id) REFERENCES draw_keys (key_id)
);
COMMENT ON TABLE drawing_proofs IS 'Manifest, signature and entropy of closed and completed drawings.';
CREATE INDEX ix_drawing_proofs_key_id ON drawing_proofs (key_id);

CREATE TABLE tickets (
    id             VARCHAR2(36)                 NOT NULL,
    drawing_id     VARCHAR2(36)                 NOT NULL,
    user_id        VARCHAR2(36)                 NOT NULL,
    kind           VARCHAR2(40 CHAR)            NOT NULL,
    purchase_id    VARCHAR2(36)                 NOT NULL,
    price_paid     NUMBER(10)                   NOT NULL,
    rules_version  NUMBER(10)                   NOT NULL,
    purchased_at   TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT fk_tickets_drawing_id_user_id FOREIGN KEY (drawing_id, user_id) REFERENCES drawing_entrants (drawing_id, user_id),
    CONSTRAINT ck_tickets_kind CHECK (kind IN ('paid', 'free')),
    CONSTRAINT ck_tickets_price CHECK ((kind = 'paid' AND price_paid > 0) OR (kind = 'free' AND price_paid = 0))
);
COMMENT ON TABLE tickets IS 'One row a ticket, bought or free; never changed.';
CREATE INDEX ix_tickets_drawing_id_user_id ON tickets (drawing_id, user_id);

CREATE TABLE drawing_picks (
    drawing_id     VARCHAR2(36)       NOT NULL,
    rank           NUMBER(19)         NOT NULL,
    slot           NUMBER(10)         NOT NULL,
    counter        NUMBER(19)         NOT NULL,
    x              VARCHAR2(20 CHAR)  NOT NULL,
    tickets_left   NUMBER(10)         NOT NULL,
    ticket_number  NUMBER(10)         NOT NULL,
    ticket_id      VARCHAR2(36)       NOT NULL,
    user_id        VARCHAR2(36)       NOT NULL,
    prize_id       VARCHAR2(36),
    CONSTRAINT pk_drawing_picks PRIMARY KEY (drawing_id, rank, slot),
    CONSTRAINT fk_drawing_picks_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawing_proofs (drawing_id),
    CONSTRAINT fk_drawing_picks_prize_id FOREIGN KEY (prize_id) REFERENCES drawing_prizes (id),
    CONSTRAINT fk_drawing_picks_ticket_id FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    CONSTRAINT fk_drawing_picks_drawing_id_user_id FOREIGN KEY (drawing_id, user_id) REFERENCES drawing_entrants (drawing_id, user_id)
);
COMMENT ON TABLE drawing_picks IS 'The tickets that were drawn, alternates included, with the numbers that show why.';
CREATE INDEX ix_drawing_picks_prize_id ON drawing_picks (prize_id);
CREATE INDEX ix_drawing_picks_user_id ON drawing_picks (user_id);
CREATE UNIQUE INDEX ux_drawing_picks_drawing_id_user_id ON drawing_picks (drawing_id, user_id);
CREATE UNIQUE INDEX ux_drawing_picks_ticket_id ON drawing_picks (ticket_id);

CREATE TABLE drawing_tree_blocks (
    drawing_id  VARCHAR2(36)  NOT NULL,
    block       NUMBER(10)    NOT NULL,
    hash        RAW(32)       NOT NULL,
    CONSTRAINT pk_drawing_tree_blocks PRIMARY KEY (drawing_id, block),
    CONSTRAINT fk_drawing_tree_blocks_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawing_proofs (drawing_id)
);
COMMENT ON TABLE drawing_tree_blocks IS 'Nodes of a drawing''s ticket tree, one for each 1,024 tickets.';

CREATE TABLE eligible_states (
    state_code      VARCHAR2(2 CHAR)    NOT NULL,
    effective_from  DATE                NOT NULL,
    is_eligible     BOOLEAN             NOT NULL,
    note            VARCHAR2(300 CHAR),
    CONSTRAINT pk_eligible_states PRIMARY KEY (state_code, effective_from)
);
COMMENT ON TABLE eligible_states IS 'US states whose residents may take part, by date.';

CREATE TABLE numbered_tickets (
    drawing_id     VARCHAR2(36)  NOT NULL,
    ticket_number  NUMBER(10)    NOT NULL,
    ticket_id      VARCHAR2(36)  NOT NULL,
    CONSTRAINT pk_numbered_tickets PRIMARY KEY (drawing_id, ticket_number),
    CONSTRAINT fk_numbered_tickets_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_numbered_tickets_ticket_id FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    CONSTRAINT ck_numbered_tickets_number CHECK (ticket_number > 0)
);
COMMENT ON TABLE numbered_tickets IS 'The numbers 1..N given to a drawing''s tickets at its close.';
CREATE UNIQUE INDEX ux_numbered_tickets_ticket_id ON numbered_tickets (ticket_id);

CREATE TABLE prize_codes (
    id           VARCHAR2(36)                 NOT NULL,
    prize_id     VARCHAR2(36)                 NOT NULL,
    sealed_code  VARCHAR2(1000 CHAR)          NOT NULL,
    given_at     TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_prize_codes PRIMARY KEY (id),
    CONSTRAINT fk_prize_codes_prize_id FOREIGN KEY (prize_id) REFERENCES drawing_prizes (id)
);
COMMENT ON TABLE prize_codes IS 'Encrypted codes of digital prizes, each given once.';
CREATE INDEX ix_prize_codes_prize_id ON prize_codes (prize_id);

CREATE TABLE prize_values (
    drawing_id     VARCHAR2(36)                 NOT NULL,
    calendar_year  NUMBER(10)                   NOT NULL,
    value_cents    NUMBER(19)                   NOT NULL,
    recorded_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_prize_values PRIMARY KEY (drawing_id),
    CONSTRAINT fk_prize_values_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT ck_prize_values_value CHECK (value_cents >= 0)
);
COMMENT ON TABLE prize_values IS 'The worth of each drawing''s prizes, summed by year against the registration threshold.';
CREATE INDEX ix_prize_values_calendar_year ON prize_values (calendar_year);

CREATE TABLE ticket_spending (
    user_id     VARCHAR2(36)  NOT NULL,
    week_start  DATE          NOT NULL,
    points      NUMBER(19)    NOT NULL,
    CONSTRAINT pk_ticket_spending PRIMARY KEY (user_id, week_start),
    CONSTRAINT fk_ticket_spending_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_ticket_spending_points CHECK (points >= 0)
);
COMMENT ON TABLE ticket_spending IS 'Points spent on tickets in a week, of members who limit their spending.';

-- Fulfillments --------------------------------------------------------------------------------------------------

CREATE TABLE fulfillments (
    id                    VARCHAR2(36)                 NOT NULL,
    drawing_id            VARCHAR2(36)                 NOT NULL,
    prize_id              VARCHAR2(36)                 NOT NULL,
    ticket_id             VARCHAR2(36)                 NOT NULL,
    user_id               VARCHAR2(36)                 NOT NULL,
    rank                  NUMBER(10)                   NOT NULL,
    slot                  NUMBER(10)                   NOT NULL,
    attempt               NUMBER(10)                   NOT NULL,
    kind                  VARCHAR2(40 CHAR)            NOT NULL,
    drawing_name          VARCHAR2(120 CHAR)           NOT NULL,
    prize_name            VARCHAR2(120 CHAR)           NOT NULL,
    ticket_number         NUMBER(10)                   NOT NULL,
    value_cents           NUMBER(19)                   NOT NULL,
    status                VARCHAR2(40 CHAR)            NOT NULL,
    sealed_address        CLOB,
    sealed_code           VARCHAR2(1000 CHAR),
    carrier               VARCHAR2(50 CHAR),
    tracking_number       VARCHAR2(100 CHAR),
    created_at            TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    notified_at           TIMESTAMP(6) WITH TIME ZONE,
    reminded_at           TIMESTAMP(6) WITH TIME ZONE,
    address_confirmed_at  TIMESTAMP(6) WITH TIME ZONE,
    shipped_at            TIMESTAMP(6) WITH TIME ZONE,
    delivered_at          TIMESTAMP(6) WITH TIME ZONE,
    forfeited_at          TIMESTAMP(6) WITH TIME ZONE,
    version               NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_fulfillments PRIMARY KEY (id),
    CONSTRAINT fk_fulfillments_drawing_id FOREIGN KEY (drawing_id) REFERENCES drawings (id),
    CONSTRAINT fk_fulfillments_prize_id FOREIGN KEY (prize_id) REFERENCES drawing_prizes (id),
    CONSTRAINT fk_fulfillments_ticket_id FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    CONSTRAINT fk_fulfillments_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_fulfillments_kind CHECK (kind IN ('physical', 'digital')),
    CONSTRAINT ck_fulfillments_status CHECK (status IN ('pending', 'winner_notified', 'address_confirmed', 'shipped', 'delivered', 'forfeited', 'returned_to_sponsor')),
    CONSTRAINT ck_fulfillments_value CHECK (value_cents >= 0)
);
COMMENT ON TABLE fulfillments IS 'Won prizes on their way; addresses and codes are encrypted.';
CREATE INDEX ix_fulfillments_prize_id ON fulfillments (prize_id);
CREATE INDEX ix_fulfillments_status_notified_at ON fulfillments (status, notified_at);
CREATE INDEX ix_fulfillments_ticket_id ON fulfillments (ticket_id);
CREATE INDEX ix_fulfillments_user_id ON fulfillments (user_id);
CREATE UNIQUE INDEX ux_fulfillments_drawing_id_rank_slot_attempt ON fulfillments (drawing_id, rank, slot, attempt);

CREATE TABLE fulfillment_events (
    id              VARCHAR2(36)                 NOT NULL,
    fulfillment_id  VARCHAR2(36)                 NOT NULL,
    kind            VARCHAR2(40 CHAR)            NOT NULL,
    actor_id        VARCHAR2(36),
    happened_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_fulfillment_events PRIMARY KEY (id),
    CONSTRAINT fk_fulfillment_events_actor_id FOREIGN KEY (actor_id) REFERENCES users (id),
    CONSTRAINT fk_fulfillment_events_fulfillment_id FOREIGN KEY (fulfillment_id) REFERENCES fulfillments (id),
    CONSTRAINT ck_fulfillment_events_kind CHECK (kind IN ('created', 'winner_notified', 'address_confirmed', 'shipped', 'delivered', 'reminded', 'forfeited', 'returned_to_sponsor', 'address_read', 'code_read'))
);
COMMENT ON TABLE fulfillment_events IS 'What happened to each won prize, readings of address and code included.';
CREATE INDEX ix_fulfillment_events_actor_id ON fulfillment_events (actor_id);
CREATE INDEX ix_fulfillment_events_fulfillment_id_happened_at ON fulfillment_events (fulfillment_id, happened_at);

-- Notifications -------------------------------------------------------------------------------------------------

CREATE TABLE notification_preferences (
    user_id     VARCHAR2(36)                 NOT NULL,
    category    VARCHAR2(40 CHAR)            NOT NULL,
    channel     VARCHAR2(40 CHAR)            NOT NULL,
    is_enabled  BOOLEAN                      NOT NULL,
    updated_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_notification_preferences PRIMARY KEY (user_id, category, channel),
    CONSTRAINT fk_notification_preferences_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_notification_preferences_category CHECK (category IN ('account', 'trackers', 'points', 'leaderboards', 'drawings', 'prizes', 'training', 'coach', 'admin')),
    CONSTRAINT ck_notification_preferences_channel CHECK (channel IN ('in_app', 'email'))
);
COMMENT ON TABLE notification_preferences IS 'What members chose to be told about, and how.';

CREATE TABLE notifications (
    id            VARCHAR2(36)                 NOT NULL,
    user_id       VARCHAR2(36)                 NOT NULL,
    category      VARCHAR2(40 CHAR)            NOT NULL,
    occasion_key  VARCHAR2(150 CHAR)           NOT NULL,
    title         VARCHAR2(150 CHAR)           NOT NULL,
    body          VARCHAR2(1000 CHAR)          NOT NULL,
    link          VARCHAR2(500 CHAR),
    created_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    read_at       TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_notifications PRIMARY KEY (id),
    CONSTRAINT fk_notifications_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_notifications_category CHECK (category IN ('account', 'trackers', 'points', 'leaderboards', 'drawings', 'prizes', 'training', 'coach', 'admin'))
);
COMMENT ON TABLE notifications IS 'Notices in members'' own lists, each occasion once.';
CREATE INDEX ix_notifications_user_id_created_at ON notifications (user_id, created_at);
CREATE INDEX ix_notifications_user_id_read_at ON notifications (user_id, read_at);
CREATE UNIQUE INDEX ux_notifications_user_id_occasion_key ON notifications (user_id, occasion_key);

CREATE TABLE outbox_messages (
    id            VARCHAR2(36)                 NOT NULL,
    message_type  VARCHAR2(60 CHAR)            NOT NULL,
    user_id       VARCHAR2(36),
    payload       CLOB                         NOT NULL,
    dedupe_key    VARCHAR2(200 CHAR)           NOT NULL,
    created_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    not_before    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    attempts      NUMBER(10)                   NOT NULL,
    lease_owner   VARCHAR2(120 CHAR),
    lease_until   TIMESTAMP(6) WITH TIME ZONE,
    fencing       NUMBER(19)                   NOT NULL,
    sent_at       TIMESTAMP(6) WITH TIME ZONE,
    dead_at       TIMESTAMP(6) WITH TIME ZONE,
    last_error    VARCHAR2(500 CHAR),
    CONSTRAINT pk_outbox_messages PRIMARY KEY (id),
    CONSTRAINT fk_outbox_messages_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_outbox_messages_attempts CHECK (attempts >= 0)
);
COMMENT ON TABLE outbox_messages IS 'Mails to send, written with their cause; claimed by lease, retried, at last given up.';
CREATE INDEX ix_outbox_messages_sent_at_dead_at_not_before ON outbox_messages (sent_at, dead_at, not_before);
CREATE INDEX ix_outbox_messages_user_id ON outbox_messages (user_id);
CREATE UNIQUE INDEX ux_outbox_messages_dedupe_key ON outbox_messages (dedupe_key);

-- Training ------------------------------------------------------------------------------------------------------

CREATE TABLE calendar_feeds (
    id            VARCHAR2(36)                 NOT NULL,
    user_id       VARCHAR2(36)                 NOT NULL,
    token_hash    VARCHAR2(64 CHAR)            NOT NULL,
    created_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    last_read_at  TIMESTAMP(6) WITH TIME ZONE,
    revoked_at    TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_calendar_feeds PRIMARY KEY (id),
    CONSTRAINT fk_calendar_feeds_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE calendar_feeds IS 'Private iCal addresses of members; only the hash of the secret part is kept.';
CREATE INDEX ix_calendar_feeds_user_id ON calendar_feeds (user_id);
CREATE UNIQUE INDEX ux_calendar_feeds_token_hash ON calendar_feeds (token_hash);

CREATE TABLE exercises (
    id            VARCHAR2(36)                 NOT NULL,
    owner_id      VARCHAR2(36),
    scope         VARCHAR2(36 CHAR)            NOT NULL,
    name          VARCHAR2(100 CHAR)           NOT NULL,
    name_key      VARCHAR2(100 CHAR)           NOT NULL,
    equipment     VARCHAR2(40 CHAR)            NOT NULL,
    default_sets  NUMBER(10),
    default_reps  NUMBER(10),
    instructions  CLOB,
    version       NUMBER(10)                   NOT NULL,
    created_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    deleted_at    TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_exercises PRIMARY KEY (id),
    CONSTRAINT fk_exercises_owner_id FOREIGN KEY (owner_id) REFERENCES users (id),
    CONSTRAINT ck_exercises_default_reps CHECK (default_reps BETWEEN 1 AND 1000),
    CONSTRAINT ck_exercises_default_sets CHECK (default_sets BETWEEN 1 AND 50),
    CONSTRAINT ck_exercises_equipment CHECK (equipment IN ('none', 'barbell', 'dumbbell', 'kettlebell', 'machine', 'cable', 'band', 'bench', 'pull_up_bar', 'medicine_ball', 'cardio_machine', 'other'))
);
COMMENT ON TABLE exercises IS 'Exercises of the shared catalogue and of single members, with the defaults a workout starts from.';
CREATE INDEX ix_exercises_owner_id ON exercises (owner_id);
CREATE UNIQUE INDEX ux_exercises_scope_name_key ON exercises (scope, name_key);

CREATE TABLE exercise_muscles (
    exercise_id   VARCHAR2(36)       NOT NULL,
    muscle_group  VARCHAR2(40 CHAR)  NOT NULL,
    is_primary    BOOLEAN            NOT NULL,
    CONSTRAINT pk_exercise_muscles PRIMARY KEY (exercise_id, muscle_group),
    CONSTRAINT fk_exercise_muscles_exercise_id FOREIGN KEY (exercise_id) REFERENCES exercises (id),
    CONSTRAINT ck_exercise_muscles_muscle_group CHECK (muscle_group IN ('chest', 'back', 'shoulders', 'biceps', 'triceps', 'forearms', 'core', 'glutes', 'quadriceps', 'hamstrings', 'calves', 'full_body', 'cardio'))
);
COMMENT ON TABLE exercise_muscles IS 'The muscle groups that an exercise works.';
CREATE INDEX ix_exercise_muscles_muscle_group ON exercise_muscles (muscle_group);

-- Imports -------------------------------------------------------------------------------------------------------

CREATE TABLE import_batches (
    id                VARCHAR2(36)                 NOT NULL,
    user_id           VARCHAR2(36)                 NOT NULL,
    kind              VARCHAR2(40 CHAR)            NOT NULL,
    file_name         VARCHAR2(255 CHAR),
    byte_count        NUMBER(19)                   NOT NULL,
    sha256            VARCHAR2(64 CHAR),
    status            VARCHAR2(40 CHAR)            NOT NULL,
    added             NUMBER(10)                   NOT NULL,
    updated           NUMBER(10)                   NOT NULL,
    skipped           NUMBER(10)                   NOT NULL,
    failed            NUMBER(10)                   NOT NULL,
    error             VARCHAR2(1000 CHAR),
    created_at        TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    started_at        TIMESTAMP(6) WITH TIME ZONE,
    finished_at       TIMESTAMP(6) WITH TIME ZONE,
    lease_owner       VARCHAR2(100 CHAR),
    lease_expires_at  TIMESTAMP(6) WITH TIME ZONE,
    fence             NUMBER(19)                   NOT NULL,
    CONSTRAINT pk_import_batches PRIMARY KEY (id),
    CONSTRAINT fk_import_batches_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_import_batches_byte_count CHECK (byte_count >= 0),
    CONSTRAINT ck_import_batches_counts CHECK (added >= 0 AND updated >= 0 AND skipped >= 0 AND failed >= 0),
    CONSTRAINT ck_import_batches_kind CHECK (kind IN ('gpx', 'tcx', 'fit', 'map_my_fitness_csv', 'strava_csv', 'zip', 'strava_sync', 'hevy_sync')),
    CONSTRAINT ck_import_batches_status CHECK (status IN ('queued', 'running', 'completed', 'failed', 'undone'))
);
COMMENT ON TABLE import_batches IS 'Imports of files and of providers'' training logs, with their counts and the lease they are worked off under.';
CREATE INDEX ix_import_batches_status_created_at ON import_batches (status, created_at);
CREATE INDEX ix_import_batches_user_id_created_at ON import_batches (user_id, created_at);

-- Training ------------------------------------------------------------------------------------------------------

CREATE TABLE shoes (
    id               VARCHAR2(36)                 NOT NULL,
    user_id          VARCHAR2(36)                 NOT NULL,
    shoe_key         VARCHAR2(150 CHAR)           NOT NULL,
    name             VARCHAR2(100 CHAR)           NOT NULL,
    notes            VARCHAR2(1000 CHAR),
    initial_meters   BINARY_DOUBLE                NOT NULL,
    retired_on       DATE,
    retirement_note  VARCHAR2(500 CHAR),
    warned_at_miles  NUMBER(10)                   NOT NULL,
    merged_into_id   VARCHAR2(36),
    version          NUMBER(10)                   NOT NULL,
    created_at       TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at       TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    deleted_at       TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_shoes PRIMARY KEY (id),
    CONSTRAINT fk_shoes_merged_into_id FOREIGN KEY (merged_into_id) REFERENCES shoes (id),
    CONSTRAINT fk_shoes_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_shoes_initial_meters CHECK (initial_meters >= 0),
    CONSTRAINT ck_shoes_warned_at_miles CHECK (warned_at_miles IN (0, 300, 500))
);
COMMENT ON TABLE shoes IS 'A member''s shoes, with their starting mileage and retirement.';
CREATE INDEX ix_shoes_merged_into_id ON shoes (merged_into_id);
CREATE UNIQUE INDEX ux_shoes_user_id_shoe_key ON shoes (user_id, shoe_key);

CREATE TABLE training_plans (
    id                    VARCHAR2(36)                 NOT NULL,
    user_id               VARCHAR2(36)                 NOT NULL,
    name                  VARCHAR2(150 CHAR)           NOT NULL,
    goal                  VARCHAR2(500 CHAR),
    starts_on             DATE                         NOT NULL,
    ends_on               DATE                         NOT NULL,
    goal_distance_meters  BINARY_DOUBLE,
    status                VARCHAR2(40 CHAR)            NOT NULL,
    notes                 CLOB,
    version               NUMBER(10)                   NOT NULL,
    created_at            TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at            TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    deleted_at            TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_training_plans PRIMARY KEY (id),
    CONSTRAINT fk_training_plans_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_training_plans_days CHECK (ends_on >= starts_on),
    CONSTRAINT ck_training_plans_goal_distance CHECK (goal_distance_meters > 0),
    CONSTRAINT ck_training_plans_status CHECK (status IN ('draft', 'active', 'completed', 'abandoned'))
);
COMMENT ON TABLE training_plans IS 'A member''s training plans, each with a goal and its first and last day.';
CREATE INDEX ix_training_plans_user_id_starts_on ON training_plans (user_id, starts_on);

CREATE TABLE workouts (
    id                            VARCHAR2(36)                 NOT NULL,
    user_id                       VARCHAR2(36)                 NOT NULL,
    plan_id                       VARCHAR2(36),
    natural_id                    VARCHAR2(80 CHAR)            NOT NULL,
    source                        VARCHAR2(40 CHAR)            NOT NULL,
    type                          VARCHAR2(40 CHAR)            NOT NULL,
    status                        VARCHAR2(40 CHAR)            NOT NULL,
    title                         VARCHAR2(150 CHAR)           NOT NULL,
    notes                         CLOB,
    day                           DATE                         NOT NULL,
    target_distance_meters        BINARY_DOUBLE,
    target_duration_seconds       NUMBER(10),
    target_seconds_per_kilometer  BINARY_DOUBLE,
    started_at                    TIMESTAMP(6) WITH TIME ZONE,
    duration_seconds              NUMBER(10),
    source_updated_at             TIMESTAMP(6) WITH TIME ZONE,
    import_batch_id               VARCHAR2(36),
    version                       NUMBER(10)                   NOT NULL,
    created_at                    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at                    TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    deleted_at                    TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_workouts PRIMARY KEY (id),
    CONSTRAINT fk_workouts_import_batch_id FOREIGN KEY (import_batch_id) REFERENCES import_batches (id),
    CONSTRAINT fk_workouts_plan_id FOREIGN KEY (plan_id) REFERENCES training_plans (id),
    CONSTRAINT fk_workouts_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_workouts_duration CHECK (duration_seconds >= 0),
    CONSTRAINT ck_workouts_source CHECK (source IN ('manual', 'strava', 'map_my_fitness', 'hevy', 'file', 'tracker')),
    CONSTRAINT ck_workouts_status CHECK (status IN ('planned', 'done', 'skipped')),
    CONSTRAINT ck_workouts_target_distance CHECK (target_distance_meters > 0),
    CONSTRAINT ck_workouts_target_duration CHECK (target_duration_seconds > 0),
    CONSTRAINT ck_workouts_target_pace CHECK (target_seconds_per_kilometer > 0),
    CONSTRAINT ck_workouts_type CHECK (type IN ('easy_run', 'long_run', 'tempo_run', 'interval_run', 'recovery_run', 'race', 'strength', 'cross_training', 'mobility', 'rest', 'other'))
);
COMMENT ON TABLE workouts IS 'Workouts of the training log, planned or done, with their targets.';
CREATE INDEX ix_workouts_import_batch_id ON workouts (import_batch_id);
CREATE INDEX ix_workouts_plan_id_day ON workouts (plan_id, day);
CREATE INDEX ix_workouts_user_id_day ON workouts (user_id, day);
CREATE UNIQUE INDEX ux_workouts_user_id_natural_id ON workouts (user_id, natural_id);

CREATE TABLE runs (
    id                     VARCHAR2(36)                 NOT NULL,
    user_id                VARCHAR2(36)                 NOT NULL,
    natural_id             VARCHAR2(80 CHAR)            NOT NULL,
    source                 VARCHAR2(40 CHAR)            NOT NULL,
    type                   VARCHAR2(40 CHAR)            NOT NULL,
    started_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    day                    DATE                         NOT NULL,
    distance_meters        BINARY_DOUBLE                NOT NULL,
    duration_seconds       NUMBER(10)                   NOT NULL,
    average_heart_rate     NUMBER(10),
    elevation_gain_meters  BINARY_DOUBLE,
    title                  VARCHAR2(200 CHAR),
    notes                  CLOB,
    shoe_id                VARCHAR2(36),
    workout_id             VARCHAR2(36),
    activity_id            VARCHAR2(36),
    import_batch_id        VARCHAR2(36),
    edited_fields          VARCHAR2(200 CHAR),
    source_updated_at      TIMESTAMP(6) WITH TIME ZONE,
    version                NUMBER(10)                   NOT NULL,
    created_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at             TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    deleted_at             TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_runs PRIMARY KEY (id),
    CONSTRAINT fk_runs_activity_id FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT fk_runs_import_batch_id FOREIGN KEY (import_batch_id) REFERENCES import_batches (id),
    CONSTRAINT fk_runs_shoe_id FOREIGN KEY (shoe_id) REFERENCES shoes (id),
    CONSTRAINT fk_runs_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_runs_workout_id FOREIGN KEY (workout_id) REFERENCES workouts (id),
    CONSTRAINT ck_runs_average_heart_rate CHECK (average_heart_rate BETWEEN 20 AND 260),
    CONSTRAINT ck_runs_distance CHECK (distance_meters >= 0),
    CONSTRAINT ck_runs_duration CHECK (duration_seconds >= 0),
    CONSTRAINT ck_runs_elevation_gain CHECK (elevation_gain_meters >= 0),
    CONSTRAINT ck_runs_source CHECK (source IN ('manual', 'strava', 'map_my_fitness', 'hevy', 'file', 'tracker')),
    CONSTRAINT ck_runs_type CHECK (type IN ('outdoor_run', 'treadmill_run')),
    CONSTRAINT ck_runs_version CHECK (version >= 1)
);
COMMENT ON TABLE runs IS 'Runs of the training log as they stand now; earlier versions are in runs_history.';
CREATE INDEX ix_runs_activity_id ON runs (activity_id);
CREATE INDEX ix_runs_import_batch_id ON runs (import_batch_id);
CREATE INDEX ix_runs_shoe_id ON runs (shoe_id);
CREATE INDEX ix_runs_user_id_started_at ON runs (user_id, started_at);
CREATE INDEX ix_runs_workout_id ON runs (workout_id);
CREATE UNIQUE INDEX ux_runs_user_id_natural_id ON runs (user_id, natural_id);

CREATE TABLE runs_history (
    run_id              VARCHAR2(36)                 NOT NULL,
    version             NUMBER(10)                   NOT NULL,
    change              VARCHAR2(40 CHAR)            NOT NULL,
    type                VARCHAR2(40 CHAR)            NOT NULL,
    started_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    distance_meters     BINARY_DOUBLE                NOT NULL,
    duration_seconds    NUMBER(10)                   NOT NULL,
    average_heart_rate  NUMBER(10),
    shoe_id             VARCHAR2(36),
    edited_fields       VARCHAR2(200 CHAR),
    changed_by          VARCHAR2(36),
    changed_at          TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    reason              VARCHAR2(500 CHAR),
    CONSTRAINT pk_runs_history PRIMARY KEY (run_id, version),
    CONSTRAINT fk_runs_history_changed_by FOREIGN KEY (changed_by) REFERENCES users (id),
    CONSTRAINT fk_runs_history_run_id FOREIGN KEY (run_id) REFERENCES runs (id),
    CONSTRAINT fk_runs_history_shoe_id FOREIGN KEY (shoe_id) REFERENCES shoes (id),
    CONSTRAINT ck_runs_history_change CHECK (change IN ('original', 'edit', 'deletion')),
    CONSTRAINT ck_runs_history_type CHECK (type IN ('outdoor_run', 'treadmill_run')),
    CONSTRAINT ck_runs_history_version CHECK (version >= 1)
);
COMMENT ON TABLE runs_history IS 'Every version of every run: what it was, who changed it, when and why.';
CREATE INDEX ix_runs_history_changed_by ON runs_history (changed_by);
CREATE INDEX ix_runs_history_shoe_id ON runs_history (shoe_id);

CREATE TABLE shoe_aliases (
    id          VARCHAR2(36)                 NOT NULL,
    user_id     VARCHAR2(36)                 NOT NULL,
    shoe_id     VARCHAR2(36)                 NOT NULL,
    alias_key   VARCHAR2(150 CHAR)           NOT NULL,
    name        VARCHAR2(100 CHAR)           NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_shoe_aliases PRIMARY KEY (id),
    CONSTRAINT fk_shoe_aliases_shoe_id FOREIGN KEY (shoe_id) REFERENCES shoes (id),
    CONSTRAINT fk_shoe_aliases_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE shoe_aliases IS 'Other names of a member''s shoes, from providers, files and merges.';
CREATE INDEX ix_shoe_aliases_shoe_id ON shoe_aliases (shoe_id);
CREATE UNIQUE INDEX ux_shoe_aliases_user_id_alias_key ON shoe_aliases (user_id, alias_key);

CREATE TABLE synced_runs (
    run_id           VARCHAR2(36)                 NOT NULL,
    calendar_id      VARCHAR2(250 CHAR)           NOT NULL,
    event_id         VARCHAR2(64 CHAR)            NOT NULL,
    run_version      NUMBER(10)                   NOT NULL,
    status           VARCHAR2(40 CHAR)            NOT NULL,
    error            VARCHAR2(1000 CHAR),
    attempts         NUMBER(10)                   NOT NULL,
    last_attempt_at  TIMESTAMP(6) WITH TIME ZONE,
    next_attempt_at  TIMESTAMP(6) WITH TIME ZONE,
    synced_at        TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_synced_runs PRIMARY KEY (run_id),
    CONSTRAINT fk_synced_runs_run_id FOREIGN KEY (run_id) REFERENCES runs (id),
    CONSTRAINT ck_synced_runs_attempts CHECK (attempts >= 0),
    CONSTRAINT ck_synced_runs_run_version CHECK (run_version >= 0),
    CONSTRAINT ck_synced_runs_status CHECK (status IN ('pending', 'synced', 'failed'))
);
COMMENT ON TABLE synced_runs IS 'How each run stands in the member''s Google calendar: event, version shown, last error.';
CREATE INDEX ix_synced_runs_status_next_attempt_at ON synced_runs (status, next_attempt_at);

CREATE TABLE training_preferences (
    user_id        VARCHAR2(36)                 NOT NULL,
    distance_unit  VARCHAR2(40 CHAR)            NOT NULL,
    updated_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_training_preferences PRIMARY KEY (user_id),
    CONSTRAINT fk_training_preferences_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_training_preferences_distance_unit CHECK (distance_unit IN ('miles', 'kilometers'))
);
COMMENT ON TABLE training_preferences IS 'How members want their training log shown.';

CREATE TABLE workout_exercises (
    id           VARCHAR2(36)         NOT NULL,
    workout_id   VARCHAR2(36)         NOT NULL,
    exercise_id  VARCHAR2(36)         NOT NULL,
    position     NUMBER(10)           NOT NULL,
    superset     NUMBER(10),
    notes        VARCHAR2(1000 CHAR),
    CONSTRAINT pk_workout_exercises PRIMARY KEY (id),
    CONSTRAINT fk_workout_exercises_exercise_id FOREIGN KEY (exercise_id) REFERENCES exercises (id),
    CONSTRAINT fk_workout_exercises_workout_id FOREIGN KEY (workout_id) REFERENCES workouts (id),
    CONSTRAINT ck_workout_exercises_position CHECK (position >= 1)
);
COMMENT ON TABLE workout_exercises IS 'The exercises of a workout in their order.';
CREATE INDEX ix_workout_exercises_exercise_id ON workout_exercises (exercise_id);
CREATE INDEX ix_workout_exercises_workout_id_position ON workout_exercises (workout_id, position);

CREATE TABLE workout_sets (
    workout_exercise_id  VARCHAR2(36)       NOT NULL,
    position             NUMBER(10)         NOT NULL,
    kind                 VARCHAR2(40 CHAR)  NOT NULL,
    target_reps          NUMBER(10),
    reps                 NUMBER(10),
    weight_kilograms     BINARY_DOUBLE,
    distance_meters      BINARY_DOUBLE,
    duration_seconds     NUMBER(10),
    exertion             BINARY_DOUBLE,
    CONSTRAINT pk_workout_sets PRIMARY KEY (workout_exercise_id, position),
    CONSTRAINT fk_workout_sets_workout_exercise_id FOREIGN KEY (workout_exercise_id) REFERENCES workout_exercises (id),
    CONSTRAINT ck_workout_sets_distance CHECK (distance_meters >= 0),
    CONSTRAINT ck_workout_sets_duration CHECK (duration_seconds >= 0),
    CONSTRAINT ck_workout_sets_exertion CHECK (exertion BETWEEN 1 AND 10),
    CONSTRAINT ck_workout_sets_kind CHECK (kind IN ('normal', 'warmup', 'dropset', 'failure')),
    CONSTRAINT ck_workout_sets_position CHECK (position >= 1),
    CONSTRAINT ck_workout_sets_reps CHECK (reps >= 0),
    CONSTRAINT ck_workout_sets_target_reps CHECK (target_reps >= 0),
    CONSTRAINT ck_workout_sets_weight CHECK (weight_kilograms >= 0)
);
COMMENT ON TABLE workout_sets IS 'The sets of an exercise in a workout: target and result.';

-- Coach ---------------------------------------------------------------------------------------------------------

CREATE TABLE coach_answers (
    user_id        VARCHAR2(36)                 NOT NULL,
    task           VARCHAR2(40 CHAR)            NOT NULL,
    question_hash  VARCHAR2(64 CHAR)            NOT NULL,
    answer         CLOB                         NOT NULL,
    citations      CLOB,
    model_name     VARCHAR2(100 CHAR),
    created_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    expires_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_coach_answers PRIMARY KEY (user_id, task, question_hash),
    CONSTRAINT fk_coach_answers_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_coach_answers_expires_at CHECK (expires_at > created_at),
    CONSTRAINT ck_coach_answers_task CHECK (task IN ('chat', 'recommend', 'analyze'))
);
COMMENT ON TABLE coach_answers IS 'Cached answers of the configured language model, per member and question.';
CREATE INDEX ix_coach_answers_expires_at ON coach_answers (expires_at);

CREATE TABLE coach_conversations (
    id          VARCHAR2(36)                 NOT NULL,
    user_id     VARCHAR2(36)                 NOT NULL,
    title       VARCHAR2(200 CHAR)           NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    updated_at  TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    deleted_at  TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_coach_conversations PRIMARY KEY (id),
    CONSTRAINT fk_coach_conversations_user_id FOREIGN KEY (user_id) REFERENCES users (id)
);
COMMENT ON TABLE coach_conversations IS 'Members'' conversations with the coach.';
CREATE INDEX ix_coach_conversations_user_id_updated_at ON coach_conversations (user_id, updated_at);

CREATE TABLE coach_messages (
    conversation_id  VARCHAR2(36)                 NOT NULL,
    position         NUMBER(10)                   NOT NULL,
    role             VARCHAR2(40 CHAR)            NOT NULL,
    content          CLOB                         NOT NULL,
    engine           VARCHAR2(40 CHAR),
    model_name       VARCHAR2(100 CHAR),
    citations        CLOB,
    is_safety_stop   BOOLEAN                      NOT NULL,
    input_tokens     NUMBER(10),
    output_tokens    NUMBER(10),
    created_at       TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_coach_messages PRIMARY KEY (conversation_id, position),
    CONSTRAINT fk_coach_messages_conversation_id FOREIGN KEY (conversation_id) REFERENCES coach_conversations (id),
    CONSTRAINT ck_coach_messages_engine CHECK (engine IN ('rules', 'model')),
    CONSTRAINT ck_coach_messages_position CHECK (position >= 1),
    CONSTRAINT ck_coach_messages_role CHECK (role IN ('member', 'coach', 'tool')),
    CONSTRAINT ck_coach_messages_tokens CHECK (input_tokens >= 0 AND output_tokens >= 0)
);
COMMENT ON TABLE coach_messages IS 'The messages of a conversation, with who answered and the numbers the answer cites.';

CREATE TABLE recommended_plans (
    id                VARCHAR2(36)                 NOT NULL,
    user_id           VARCHAR2(36)                 NOT NULL,
    conversation_id   VARCHAR2(36),
    title             VARCHAR2(150 CHAR)           NOT NULL,
    schema_version    NUMBER(10)                   NOT NULL,
    document          CLOB                         NOT NULL,
    engine            VARCHAR2(40 CHAR)            NOT NULL,
    model_name        VARCHAR2(100 CHAR),
    status            VARCHAR2(40 CHAR)            NOT NULL,
    accepted_plan_id  VARCHAR2(36),
    created_at        TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    decided_at        TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_recommended_plans PRIMARY KEY (id),
    CONSTRAINT fk_recommended_plans_accepted_plan_id FOREIGN KEY (accepted_plan_id) REFERENCES training_plans (id),
    CONSTRAINT fk_recommended_plans_conversation_id FOREIGN KEY (conversation_id) REFERENCES coach_conversations (id),
    CONSTRAINT fk_recommended_plans_user_id FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT ck_recommended_plans_accepted CHECK (accepted_plan_id IS NULL OR status = 'accepted'),
    CONSTRAINT ck_recommended_plans_engine CHECK (engine IN ('rules', 'model')),
    CONSTRAINT ck_recommended_plans_status CHECK (status IN ('proposed', 'accepted', 'dismissed'))
);
COMMENT ON TABLE recommended_plans IS 'Training plans that the coach proposed, and what became of them.';
CREATE INDEX ix_recommended_plans_accepted_plan_id ON recommended_plans (accepted_plan_id);
CREATE INDEX ix_recommended_plans_conversation_id ON recommended_plans (conversation_id);
CREATE INDEX ix_recommended_plans_user_id_created_at ON recommended_plans (user_id, created_at);

-- Imports -------------------------------------------------------------------------------------------------------

CREATE TABLE import_files (
    batch_id  VARCHAR2(36)  NOT NULL,
    content   BLOB          NOT NULL,
    CONSTRAINT pk_import_files PRIMARY KEY (batch_id),
    CONSTRAINT fk_import_files_batch_id FOREIGN KEY (batch_id) REFERENCES import_batches (id)
);
COMMENT ON TABLE import_files IS 'The uploaded file of a batch that is not finished yet.';

CREATE TABLE import_log (
    batch_id              VARCHAR2(36)        NOT NULL,
    position              NUMBER(10)          NOT NULL,
    item                  VARCHAR2(300 CHAR)  NOT NULL,
    outcome               VARCHAR2(40 CHAR)   NOT NULL,
    reason                VARCHAR2(500 CHAR),
    activity_id           VARCHAR2(36),
    run_id                VARCHAR2(36),
    previous_run_version  NUMBER(10),
    workout_id            VARCHAR2(36),
    CONSTRAINT pk_import_log PRIMARY KEY (batch_id, position),
    CONSTRAINT fk_import_log_activity_id FOREIGN KEY (activity_id) REFERENCES activities (id),
    CONSTRAINT fk_import_log_batch_id FOREIGN KEY (batch_id) REFERENCES import_batches (id),
    CONSTRAINT fk_import_log_run_id FOREIGN KEY (run_id) REFERENCES runs (id),
    CONSTRAINT fk_import_log_workout_id FOREIGN KEY (workout_id) REFERENCES workouts (id),
    CONSTRAINT ck_import_log_outcome CHECK (outcome IN ('added', 'updated', 'skipped', 'failed')),
    CONSTRAINT ck_import_log_position CHECK (position >= 1)
);
COMMENT ON TABLE import_log IS 'Item by item, what an import added, updated, skipped or refused, and why.';
CREATE INDEX ix_import_log_activity_id ON import_log (activity_id);
CREATE INDEX ix_import_log_run_id ON import_log (run_id);
CREATE INDEX ix_import_log_workout_id ON import_log (workout_id);

-- Security ------------------------------------------------------------------------------------------------------

CREATE TABLE data_protection_keys (
    id             VARCHAR2(36)                 NOT NULL,
    friendly_name  VARCHAR2(100 CHAR)           NOT NULL,
    xml            CLOB                         NOT NULL,
    created_at     TIMESTAMP(6) WITH TIME ZONE  NOT NULL,
    CONSTRAINT pk_data_protection_keys PRIMARY KEY (id)
);
COMMENT ON TABLE data_protection_keys IS 'The DataProtection key ring, wrapped by Security:MasterKey.';
CREATE UNIQUE INDEX ux_data_protection_keys_friendly_name ON data_protection_keys (friendly_name);
